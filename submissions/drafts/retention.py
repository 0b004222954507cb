"""Drafts are kept for some weeks after the cutoff, to be read and copied. Then they are deleted, as was promised."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from submissions.models import Draft, LateAccess, Mail
from themes import intake
from themes.intake import database_now
from themes.models import Consultation

BATCH_SIZE = 500
LATE_ACCESS_RETENTION = timedelta(days=7)


def delete_outdated_drafts() -> int:
    """Deletes drafts, and the mails that were about nothing else. What was sent stays. Twice is once.

    Returns:
        How many drafts were deleted.
    """
    at = database_now()
    # While somebody may still send by a late access, and for some days after, what they wrote is there for them.
    late = LateAccess.objects.filter(
        consultation=OuterRef("pk"), revoked_at__isnull=True, expires_at__gt=at - LATE_ACCESS_RETENTION
    )
    due = Consultation.objects.filter(~Exists(late), intake.is_draft_outdated(at))
    outdated = due.values_list("pk", flat=True)
    deleted = 0
    for consultation_id in list(outdated):
        while batch := list(
            Draft.objects.filter(consultation=consultation_id).values_list("pk", flat=True)[:BATCH_SIZE]
        ):
            delete_drafts(batch)
            deleted += len(batch)
    return deleted


def delete_drafts(pks: list[int]) -> None:
    """With the mails that were about nothing else."""
    with transaction.atomic():
        Mail.objects.filter(draft__in=pks, submission=None).delete()
        Draft.objects.filter(pk__in=pks).delete()
