"""What is asked, and until when."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from themes import intake
from themes.fields import TimeZoneField
from themes.tracking import tracked
from wsis.one_line import OneLineField


@tracked()
class Consultation(models.Model):
    """One round on one document: its window, its themes. One install hosts many."""

    slug = models.SlugField(
        _("address"),
        unique=True,
        validators=[
            RegexValidator(
                r"^(admin|health|how-the-deadline-works|language|privacy|static)$",
                _("This address is taken by a page of the site. Choose another."),
                inverse_match=True,
            )
        ],
        help_text=_("The part of the web address that names this consultation."),
    )
    title = OneLineField(_("title"), max_length=200)
    headline = OneLineField(
        _("headline"), max_length=200, help_text=_("The first sentence of its page, in large type.")
    )
    introduction = models.TextField(_("introduction"), help_text=_("A blank line starts a paragraph."))
    document_title = OneLineField(_("document"), max_length=200)
    document_url = models.URLField(_("address of the document"), blank=True)
    published_at = models.DateTimeField(
        _("document published at"), help_text=_("As the clocks of the consultation’s zone show it.")
    )
    time_zone = TimeZoneField(
        _("time zone"),
        max_length=64,
        help_text=_("The zone in which its dates are meant, by IANA name: America/New_York."),
    )
    opens_at = models.DateTimeField(_("opens at"), help_text=_("As the clocks of the consultation’s zone show it."))
    closes_at = models.DateTimeField(
        _("cutoff"),
        help_text=_(
            "Intake is open while opens at ≤ moment < cutoff: the cutoff instant itself is closed. "
            "For “through the whole of 15 July”, this is 16 July 00:00 in the consultation’s zone."
        ),
    )
    closed_at = models.DateTimeField(_("recorded as closed at"), null=True, blank=True, editable=False)
    word_limit = models.PositiveIntegerField(
        _("words per area"),
        default=1000,
        validators=[MinValueValidator(1)],
        help_text=_("The most that can be sent on one area. More is kept on the draft and named, never cut."),
    )

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-opens_at", "slug"]
        constraints = [
            models.CheckConstraint(
                name="consultation_opens_before_it_closes",
                condition=intake.OPENS_BEFORE_IT_CLOSES,
                violation_error_message=_("The cutoff must come after the opening."),
            ),
            models.CheckConstraint(
                name="consultation_closed_at_its_cutoff",
                condition=intake.CLOSED_AT_ITS_CUTOFF,
                violation_error_message=_("A recorded closing is the cutoff itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class Extension(models.Model):
    """A recorded, public change of the cutoff."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("Moved")
        CLOSED_EARLY = "closed-early", _("Closed early")
        REOPENED = "reopened", _("Re-opened")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MOVED)
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="extensions", verbose_name=_("consultation")
    )
    previous_cutoff = models.DateTimeField(_("from"))
    new_cutoff = models.DateTimeField(_("to"))
    announced_at = models.DateTimeField(_("announced at"))
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("announced by")
    )
    reason = OneLineField(_("reason"), max_length=500, help_text=_("Shown to the public."))

    class Meta:
        verbose_name = _("change of the cutoff")
        verbose_name_plural = _("changes of the cutoff")
        ordering = ["announced_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="extension_changes_the_cutoff",
                condition=~models.Q(new_cutoff=models.F("previous_cutoff")),
                violation_error_message=_("The new cutoff is the same as the present one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.previous_cutoff:%Y-%m-%d %H:%M} → {self.new_cutoff:%Y-%m-%d %H:%M} UTC"

    @property
    def announcement(self) -> str:
        """What the public is told of it in the reader's language: its announcement, or else the reason."""
        texts = {row.language: row.text for row in self.announcements.all()}
        return texts.get((get_language() or "").lower(), self.reason)


@tracked()
class Announcement(models.Model):
    """What the public is told of a change of the cutoff, in one of the site's languages."""

    extension = models.ForeignKey(
        Extension, models.CASCADE, related_name="announcements", verbose_name=_("change of the cutoff")
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    text = models.TextField(_("announcement"))

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["extension", "language"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="announcement_once_a_language",
                fields=["extension", "language"],
                violation_error_message=_("There is an announcement in this language."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


@tracked()
class AskedChange(models.Model):
    """Closing early or re-opening, asked for by one and waiting for another: four eyes see it before the public does.

    It stands as long as it is neither done nor declined, for a day.
    """

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="asked_changes", verbose_name=_("consultation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Extension.Kind)
    new_cutoff = models.DateTimeField(_("to"), null=True, blank=True)
    reason = OneLineField(_("reason"), max_length=500)
    announcements = models.JSONField(_("announcements"), default=dict, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), db_default=intake.DatabaseClock())
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    extension = models.OneToOneField(
        Extension, models.PROTECT, null=True, blank=True, related_name="asked_as", verbose_name=_("change")
    )

    class Meta:
        verbose_name = _("change that waits for a second person")
        verbose_name_plural = _("changes that wait for a second person")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="asked_change_answered_by_somebody_at_a_time",
                condition=models.Q(answered_by__isnull=True, answered_at__isnull=True, extension__isnull=True)
                | models.Q(answered_by__isnull=False, answered_at__isnull=False),
                violation_error_message=_("An answer has its time and its person."),
            ),
            models.CheckConstraint(
                name="asked_change_done_by_another",
                condition=models.Q(extension__isnull=True) | ~models.Q(answered_by=models.F("asked_by")),
                violation_error_message=_("Somebody else than the one who asked has to confirm it."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Milestone(models.Model):
    """A step of the process that the consultation belongs to, for the timeline on its page."""

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="milestones", verbose_name=_("consultation")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    date = OneLineField(_("when"), max_length=80, blank=True, help_text=_("Left empty where the cutoff is."))
    title = OneLineField(_("what"), max_length=120)
    is_intake = models.BooleanField(_("this step is the consultation"), default=False)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="milestone_positions_are_unique",
                fields=["consultation", "position"],
                violation_error_message=_("Another step has this position."),
            ),
            models.CheckConstraint(
                name="milestone_has_a_date_unless_it_is_the_intake",
                condition=models.Q(is_intake=True) | ~models.Q(date=""),
                violation_error_message=_("Say when. Only the step that is the consultation takes its date from it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


# General questions stand beside the areas, so their numbers stand beside the areas' numbers: 101 is shown as Q1.
QUESTIONS_AFTER = 100


@tracked()
class Theme(models.Model):
    """One area of the document, or a general question beside them. A prompt is optional; every theme takes input."""

    class Kind(models.TextChoices):
        FEEDBACK = "feedback", _("Feedback invited")
        GENERAL = "general", _("General comments")
        PROPOSALS = "proposals", _("Proposals invited")
        ANNOUNCED = "announced", _("Proposals to come in the Zero Draft")
        QUESTION = "question", _("General questions")

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="themes", verbose_name=_("consultation")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = OneLineField(_("title"), max_length=200, validators=[RegexValidator(r"\S", _("Give it a title."))])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    prompt = models.TextField(_("prompt"), blank=True, help_text=_("The question, if the document asks one."))
    word_limit = models.PositiveIntegerField(
        _("words"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as the consultation says."),
    )

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                name="theme_numbers_are_unique",
                fields=["consultation", "number"],
                violation_error_message=_("Another theme of this consultation has this number."),
            ),
            models.CheckConstraint(
                name="theme_kind_is_known",
                condition=models.Q(kind__in=["feedback", "general", "proposals", "announced", "question"]),
                violation_error_message=_("This kind of theme is not known."),
            ),
            models.CheckConstraint(
                name="theme_questions_have_numbers_of_their_own",
                condition=models.Q(kind="question", number__gt=QUESTIONS_AFTER)
                | (~models.Q(kind="question") & models.Q(number__lte=QUESTIONS_AFTER)),
                violation_error_message=_("Areas have the numbers up to 100, general questions those above."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign}. {gettext(self.title)}"

    @property
    def is_question(self) -> bool:
        return self.kind == Theme.Kind.QUESTION

    @property
    def sign(self) -> str:
        """What it is called by: “7” for an area, “Q1” for a general question."""
        return f"Q{self.number - QUESTIONS_AFTER}" if self.is_question else str(self.number)

    @property
    def max_words(self) -> int:
        """Its own limit, or else its consultation's."""
        return self.word_limit or self.consultation.word_limit


class QuestionManager(models.Manager["Question"]):
    def get_queryset(self) -> models.QuerySet["Question"]:
        return super().get_queryset().filter(kind=Theme.Kind.QUESTION)


class Question(Theme):
    """The general questions alone, for the form in which staff write them: kind and number come by themselves."""

    objects: ClassVar[QuestionManager] = QuestionManager()

    class Meta:
        proxy = True
        verbose_name = _("general question")
        verbose_name_plural = _("general questions")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.kind = Theme.Kind.QUESTION
            taken = Question.objects.filter(consultation=self.consultation).aggregate(last=models.Max("number"))["last"]
            self.number = (taken or QUESTIONS_AFTER) + 1
        super().save(*args, **kwargs)
