"""Taking a submission back."""

from django.db import transaction
from django.utils import timezone

from submissions.mail import messages
from submissions.models import Submission, Withdrawal
from submissions.sending.refusals import refusals


def withdraw(submission: Submission) -> Withdrawal:
    """Takes a submission back, all its versions. Twice is once.

    Raises:
        IntakeNotOpen: after the cutoff the record is complete, and nothing is taken out of it.
    """
    with refusals(), transaction.atomic(durable=True):
        withdrawal, is_new = Withdrawal.objects.get_or_create(
            reference=submission.reference,
            defaults={"submission": submission, "withdrawn_at": timezone.now()},  # stamped by the database
        )
        if is_new:
            withdrawal.refresh_from_db()
            messages.queue_withdrawal(submission, withdrawal.withdrawn_at)
    return withdrawal
