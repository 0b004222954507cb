"""Drafts are kept for thirty days after the cutoff, to be read and copied. Then they are deleted, as was promised."""

from django.db import transaction

from submissions.models import Draft, Mail
from themes import intake
from themes.cutoff import database_now
from themes.models import Consultation

A_BATCH = 500


def delete_outdated_drafts() -> int:
    """Deletes drafts, and the mails that were about nothing else. What was sent stays. Twice is once.

    Returns:
        How many drafts were deleted.
    """
    outdated = Consultation.objects.filter(intake.is_desk_outdated(database_now())).values_list("pk", flat=True)
    deleted = 0
    for consultation_id in list(outdated):
        while batch := list(Draft.objects.filter(consultation=consultation_id).values_list("pk", flat=True)[:A_BATCH]):
            with transaction.atomic():
                Mail.objects.filter(draft__in=batch, submission=None).delete()
                Draft.objects.filter(pk__in=batch).delete()
            deleted += len(batch)
    return deleted
