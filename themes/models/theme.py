"""What is asked: the areas of the document, and general questions beside them."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from themes.fields import TranslatedField
from themes.models.consultation import Consultation
from themes.models.kind import ThemeKind
from themes.tracking import tracked
from wsis.one_line import OneLineField

# General questions stand beside the areas, so their numbers stand beside the areas' numbers: 101 is shown as Q1.
QUESTIONS_AFTER = 100


@tracked()
class Theme(models.Model):
    """One area of the document, or a general question beside them. A prompt is optional; every theme takes input."""

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="themes", verbose_name=_("consultation")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = TranslatedField(
        OneLineField(_("title"), max_length=200, validators=[RegexValidator(r"\S", _("Give it a title."))]),
        source_column="title",
    )
    kind = models.ForeignKey(
        ThemeKind, models.SET_NULL, null=True, blank=True, related_name="themes", verbose_name=_("kind")
    )
    prompt = TranslatedField(
        models.TextField(_("prompt"), blank=True, help_text=_("The question, if the document asks one.")),
        source_column="prompt",
    )
    word_limit = models.PositiveIntegerField(
        _("words"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("If empty, the consultation’s setting applies."),
    )

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                name="theme_numbers_are_unique",
                fields=["consultation", "number"],
                # Checked at the end of a statement, so that one statement can put them into another order.
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message=_("Another area of this consultation has this number."),
            ),
            models.CheckConstraint(
                name="theme_questions_have_no_kind",
                condition=models.Q(number__lte=QUESTIONS_AFTER) | models.Q(kind=None),
                violation_error_message=_("Areas have the numbers up to 100, general questions those above."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign}. {self.title}"

    def clean(self) -> None:
        if self.kind is not None and self.kind.consultation_id != self.consultation_id:
            raise ValidationError({"kind": _("This kind is another consultation’s.")})

    @property
    def is_question(self) -> bool:
        return (self.number or 0) > QUESTIONS_AFTER

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
        return super().get_queryset().filter(number__gt=QUESTIONS_AFTER)


class Question(Theme):
    """The general questions alone, for the form in which staff write them: the number comes by itself."""

    objects: ClassVar[QuestionManager] = QuestionManager()

    class Meta:
        proxy = True
        verbose_name = _("general question")
        verbose_name_plural = _("general questions")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.number:
            taken = Question.objects.filter(consultation=self.consultation).aggregate(last=models.Max("number"))["last"]
            self.number = (taken or QUESTIONS_AFTER) + 1
        super().save(*args, **kwargs)
