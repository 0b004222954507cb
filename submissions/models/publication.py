"""Whether what was sent may be published. What was sent stays as it is: these rows lie beside it.

They belong to a reference and a theme, so that what is held back stays so when the stakeholder sends again, wherever
it stands. Only a text that was cleared is to be decided anew then: nobody has read what it says now.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from themes.intake import DatabaseClock
from themes.models import Theme
from themes.tracking import tracked
from wsis.typography import label_value


@tracked()
class PublicationDecision(models.Model):
    """Whether a contribution may go out. Without a row it is as the stakeholder's consent says, and never beyond it."""

    class Decision(models.TextChoices):
        CLEARED = "cleared", _("Checked and cleared")
        WITHHELD = "withheld", _("Withheld")

    reference = models.CharField(_("reference"), max_length=14)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("area"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    reason = models.TextField(_("reason"), blank=True)
    # Which version of the submission was read for it.
    read_version = models.PositiveSmallIntegerField(_("version read"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    decided_at = models.DateTimeField(_("at"), db_default=DatabaseClock())

    class Meta:
        verbose_name = _("publication decision")
        verbose_name_plural = _("publication decisions")
        ordering = ["decided_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="publication_decided_once",
                fields=["reference", "theme"],
                violation_error_message=_("This contribution has its decision."),
            ),
            models.CheckConstraint(
                name="publication_withheld_for_a_reason",
                condition=~Q(decision="withheld") | Q(reason__regex=r"\S"),
                violation_error_message=_("Say why it is withheld."),
            ),
        ]

    def __str__(self) -> str:
        return label_value(self.reference, self.get_decision_display())

    @property
    def version(self) -> int:
        """Another one after each decision, for optimistic locking: the microsecond at which it was taken."""
        return int(self.decided_at.timestamp() * 1_000_000)

    def is_outdated_for(self, version: int) -> bool:
        """Whether a later version is to be decided on anew. What is withheld stays so until somebody lifts it."""
        return self.decision == self.Decision.CLEARED and self.read_version < version
