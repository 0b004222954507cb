"""What a submission says on each theme."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.respondent import Consent
from submissions.models.submission import Submission
from submissions.models.theme_text import ThemeText
from submissions.text.content import MAX_PARAGRAPH_CHARACTERS
from themes.models import Theme
from wsis.one_line import OneLineField


class Contribution(ThemeText):
    """What a submission says on one theme: a text, or proposed wording, or both (migration 0004 holds that)."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="contributions", verbose_name=_("submission")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="contributions", verbose_name=_("area"))
    text = models.TextField(_("text"), blank=True)
    words = models.PositiveIntegerField(_("words"))
    own_consent = models.CharField(
        _("publication of this one"),
        max_length=10,
        choices=Consent,
        blank=True,
        help_text=_("Empty: as the whole submission."),
    )

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["submission", "theme__number"]
        # One theme across all submissions, the newest first: what drafters read.
        indexes = [models.Index(fields=["theme", "-id"], name="contribution_by_theme")]
        constraints = [
            models.UniqueConstraint(
                name="contribution_one_per_theme",
                fields=["submission", "theme"],
                violation_error_message=_("A submission has one text on each area."),
            ),
            models.CheckConstraint(
                name="contribution_consent_is_known",
                condition=Q(own_consent__in=["", *Consent.values]),
                violation_error_message=_("Say whether and how this may be published."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.theme)

    @property
    def consent(self) -> str:
        """How this one may be published: by its own answer, or else by the submission's."""
        return self.own_consent or self.submission.consent


class Proposal(models.Model):
    """Wording proposed for a numbered paragraph of the document, in a contribution."""

    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="proposals", verbose_name=_("contribution")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    paragraph = OneLineField(_("paragraph"), max_length=MAX_PARAGRAPH_CHARACTERS, blank=True)
    wording = models.TextField(_("proposed wording"), blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("proposed wording")
        verbose_name_plural = _("proposed wordings")
        ordering = ["contribution", "position"]
        constraints = [
            models.UniqueConstraint(
                name="proposal_positions_are_unique",
                fields=["contribution", "position"],
                violation_error_message=_("Another row has this position."),
            ),
            models.CheckConstraint(
                name="proposal_is_not_empty",
                condition=Q(paragraph__regex=r"\S") | Q(wording__regex=r"\S") | Q(reason__regex=r"\S"),
                violation_error_message=_("A row says something."),
            ),
        ]

    def __str__(self) -> str:
        return self.paragraph
