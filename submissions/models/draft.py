"""The stakeholder's draft. Never read by the secretariat, never exported, not in admin."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models.respondent import Consent, Respondent
from submissions.models.theme_text import ThemeText
from submissions.text.content import MAX_PARAGRAPH_CHARACTERS
from themes.models import Consultation, Theme
from wsis.one_line import OneLineEmailField, OneLineField


class Draft(Respondent):
    """What somebody has written and not sent. Only the key in the writer's cookie or link opens it."""

    # In memory alone, on a draft that was opened with it (keys.py), and whether it was sent by then.
    key: str = ""
    was_sent: bool | None = None

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="drafts")
    key_hash = models.CharField(max_length=64, unique=True)
    # The key under the server's secret, once an address was left: mails carry the link. Empty before.
    sealed_key = models.TextField(blank=True, editable=False)
    # Where the link was mailed, and reminders go if it is not the address below "About you".
    link_email = OneLineEmailField(blank=True)
    wants_reminders = models.BooleanField(default=True)
    # In which the pages were read when it was begun: mails to the drafter are in it.
    page_language = models.CharField(max_length=8, default="en")
    # What was typed there and refused, by the name of the field: shown again, and never sent.
    refused_answers = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    # Counts the saves of "About you", as DraftContribution.version counts a theme's: optimistic locking.
    version = models.PositiveIntegerField(default=0)
    sending_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # The submission it became when it was first sent, by reference; amending sends it again under the same.
    reference = models.CharField(max_length=14, blank=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    @property
    def mark(self) -> str:
        """By which a page says of which draft it is. It opens nothing."""
        return self.key_hash[:16]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class DraftContribution(ThemeText):
    """What is written on one theme, as it stands on the draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="contributions")
    # PROTECT: a theme that somebody is writing on is not deleted from under them.
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    words = models.PositiveIntegerField()
    own_consent = models.CharField(max_length=10, choices=Consent, blank=True)
    # Kept, and not sent: "we say nothing on this", which is not the same as "not yet".
    is_left_out = models.BooleanField(default=False)
    # Counts the saves. A page that was opened with an older one does not save over a newer text.
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["theme__number"]
        constraints = [
            models.UniqueConstraint(
                name="draft_one_text_per_theme",
                fields=["draft", "theme"],
                violation_error_message="A draft has one text on each theme.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.theme_id}"


class DraftProposal(models.Model):
    """Wording proposed for a numbered paragraph, on a draft."""

    contribution = models.ForeignKey(DraftContribution, models.CASCADE, related_name="proposals")
    position = models.PositiveSmallIntegerField()
    paragraph = OneLineField(max_length=MAX_PARAGRAPH_CHARACTERS, blank=True)
    wording = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["contribution", "position"]

    def __str__(self) -> str:
        return f"{self.contribution_id}/{self.position}"


class Reminder(models.Model):
    """That a drafter was told of something about the cutoff, once: the row is written with the mail."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("Change of the deadline")
        THREE_DAYS = "three-days", _("Three days left")
        ONE_DAY = "one-day", _("One day left")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="reminders", verbose_name=_("draft"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    # Of which cutoff: one that is moved is told of anew.
    closes_at = models.DateTimeField(_("deadline"))
    queued_at = models.DateTimeField(_("queued at"))

    class Meta:
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="reminder_once_each",
                fields=["draft", "kind", "closes_at"],
                violation_error_message=_("This reminder has already been sent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.draft_id}"
