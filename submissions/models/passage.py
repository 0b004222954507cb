"""Passages of a text that the secretariat marked: with a tag, or to be held back from publication.

A passage belongs to a reference and a theme and is named by its words, so that it is found again in a later version.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from submissions.models.review import Tag
from themes.intake import DatabaseClock
from themes.models import Theme
from themes.tracking import tracked


class Passage(models.Model):
    """Abstract: some words of what a reference says on a theme, and who marked them."""

    reference = models.CharField(_("reference"), max_length=14)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("area"))
    passage = models.TextField(_("passage"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("at"), db_default=DatabaseClock())

    class Meta:
        abstract = True
        ordering = ["made_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.passage[:60]


@tracked()
class Highlight(Passage):
    """A passage that a tag is about."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="highlights", verbose_name=_("tag"))

    class Meta(Passage.Meta):
        verbose_name = _("highlighted passage")
        verbose_name_plural = _("highlighted passages")
        constraints = [
            # A hash, because a passage may be longer than an index's entry.
            models.UniqueConstraint(
                "reference",
                "theme",
                "tag",
                MD5("passage"),
                name="highlight_once",
                violation_error_message=_("This passage has this tag."),
            ),
            models.CheckConstraint(
                name="highlight_is_of_something",
                condition=Q(passage__regex=r"\S"),
                violation_error_message=_("Choose a passage."),
            ),
        ]


@tracked()
class Redaction(Passage):
    """A passage that the public reads as a black bar, everywhere it stands in what a reference says on a theme."""

    reason = models.TextField(_("reason"), help_text=_("The stakeholder reads it, beside the bar."))

    class Meta(Passage.Meta):
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        constraints = [
            models.UniqueConstraint(
                "reference",
                "theme",
                MD5("passage"),
                name="redaction_once",
                violation_error_message=_("This passage is blacked out."),
            ),
            models.CheckConstraint(
                name="redaction_is_of_something",
                condition=Q(passage__regex=r"\S"),
                violation_error_message=_("Choose a passage."),
            ),
            models.CheckConstraint(
                name="redaction_has_a_reason",
                condition=Q(reason__regex=r"\S"),
                violation_error_message=_("Say why it is blacked out."),
            ),
        ]
