"""Which colleague has which submission open, for the others to see."""

from django.conf import settings
from django.db import models

from themes.intake import DatabaseClock


class Presence(models.Model):
    """Somebody read it a moment ago. Whoever opens one removes what is older than a day."""

    reference = models.CharField(max_length=14)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_default=DatabaseClock(), db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="presence_once", fields=["reference", "user"])]

    def __str__(self) -> str:
        return self.reference
