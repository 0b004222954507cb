"""The review of a submission. It belongs to the reference, so that it goes on when the stakeholder sends again."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from themes.intake import DatabaseClock
from themes.models import Consultation
from themes.tracking import tracked
from wsis.one_line import OneLineField


@tracked()
class Tag(models.Model):
    """One code of a consultation's code frame."""

    class Colour(models.TextChoices):
        BLUE = "blue", _("Blue")
        GREEN = "green", _("Green")
        AMBER = "amber", _("Amber")
        RED = "red", _("Red")
        VIOLET = "violet", _("Violet")
        GREY = "grey", _("Grey")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="tags", verbose_name=_("consultation"))
    name = OneLineField(_("name"), max_length=40)
    colour = models.CharField(_("colour"), max_length=10, choices=Colour, default=Colour.BLUE)
    # What qualitative coders call the code's memo.
    description = models.TextField(_("when to use it"), blank=True)
    # Two levels; a trigger holds that, and the key (migrations/sql/code_tree.sql). A frame has some dozens of tags.
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="children",
        verbose_name=_("under"),
        help_text=_("A tag of the same code frame that stands under none itself."),
    )

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["consultation", "name"]
        constraints = [
            models.UniqueConstraint(
                "consultation",
                Lower("name"),
                name="tag_names_are_unique",
                violation_error_message=_("There is a tag of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.parent is None:
            return
        if self.parent == self or self.parent.parent_id or self.parent.consultation_id != self.consultation_id:
            raise ValidationError({"parent": _("Choose a tag of the same code frame that stands under none itself.")})
        if self.pk and self.children.exists():
            raise ValidationError({"parent": _("Other tags stand under this one: it cannot stand under another.")})

    @property
    def path(self) -> str:
        """“Access › Broadband”."""
        return f"{self.parent.name} › {self.name}" if self.parent else self.name


@tracked()
class Review(models.Model):
    """How far the review of a submission is. There is no row as long as nobody has touched it: then it is new."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        IN_REVIEW = "in-review", _("In review")
        REVIEWED = "reviewed", _("Reviewed")
        SET_ASIDE = "set-aside", _("Set aside")

    FINISHED = (State.REVIEWED, State.SET_ASIDE)

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+", verbose_name=_("consultation"))
    reference = models.CharField(_("reference"), max_length=14, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    reason = models.TextField(_("why it is set aside"), blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    # When a colleague gave it to them; PostgreSQL notes it (migrations/sql/assignments.sql).
    assigned_at = models.DateTimeField(_("assigned at"), null=True, editable=False)
    tags = models.ManyToManyField(Tag, related_name="reviews", verbose_name=_("tags"), blank=True)
    # Which version of the submission it is about: a later one is to be read again.
    read_version = models.PositiveSmallIntegerField(_("version read"), default=0)
    # Counts the changes. A page that shows an older count has not seen the last of them, and writes over none.
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=DatabaseClock())
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-changed_at", "-pk"]
        # The groups are given it in roles.py; the four that Django makes are of no use to anybody.
        default_permissions = ()
        permissions = [("review", _("Can review submissions"))]
        indexes = [models.Index(fields=["state", "assignee"], name="review_by_state")]
        constraints = [
            models.CheckConstraint(
                name="review_set_aside_for_a_reason",
                condition=~Q(state="set-aside") | Q(reason__regex=r"\S"),
                violation_error_message=_("Say why it is set aside."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@tracked(obj_field=None, model_name="ReviewTagEvent")
class ReviewTag(Review.tags.through):  # type: ignore[name-defined,misc]
    """The row between the two, under a name that its triggers can hang on."""

    class Meta:
        proxy = True
        default_permissions = ()


class AssignmentNotice(models.Model):
    """When a colleague was told by mail what is theirs to read, and up to which assignment."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True)
    told_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)


@tracked()
class Note(models.Model):
    """What a colleague should know. Never shown to the stakeholder or the public; in an export only on demand."""

    reference = models.CharField(_("reference"), max_length=14, db_index=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written at"), db_default=DatabaseClock())
    text = models.TextField(_("note"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["written_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text[:60]


class SavedFilter(models.Model):
    """Filters of a list under a name: a link of one's own, or of everybody's."""

    class Of(models.TextChoices):
        SUBMISSIONS = "submission", _("submissions")
        CONTRIBUTIONS = "contribution", _("contributions")

    of = models.CharField(_("list"), max_length=12, choices=Of)
    name = OneLineField(_("name"), max_length=60)
    filters = models.TextField(_("filters"), help_text=_("As they stand in the list’s address."))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("of whom"))
    is_shared = models.BooleanField(_("for all colleagues"), default=False)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="saved_filter_names_are_unique",
                fields=["owner", "of", "name"],
                violation_error_message=_("You have saved filters under this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
