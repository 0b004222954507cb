"""The stakeholder's private desk. Never read by the secretariat, never exported, not in admin."""

import uuid

from django.db import models

from submissions.respondent import Respondent
from themes.models import Consultation, Theme


class Draft(Respondent):
    """What somebody has written and not sent. Only the key in the writer's cookie opens it; its hash is stored."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="drafts")
    key_hash = models.CharField(max_length=64, unique=True)
    sending_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # The submission it became when it was first sent, by reference; amending sends it again under the same.
    reference = models.CharField(max_length=14, blank=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft {self.pk}"


class DraftContribution(models.Model):
    """The text on one theme, as it stands on the desk."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="contributions")
    # PROTECT: a theme that somebody is writing on is not deleted from under them.
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    words = models.PositiveIntegerField()
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
