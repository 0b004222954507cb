"""Which state of all rounds the database holds: web processes keep what they have read of that state."""

import uuid

from django.db import models
from django.db.models import Q


class RoundVersion(models.Model):
    """One row, written by triggers alone (migrations/sql/round_version.sql)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.UUIDField(default=uuid.uuid4)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="round_version_is_one_row",
                condition=Q(id=1),
                violation_error_message="There is one version for all rounds.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)
