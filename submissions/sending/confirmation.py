"""Confirms that an e-mail address belongs to who sent from it: a link in the first mail, and a button behind it.

The button is a POST, because the scanners of mail servers open links. An unconfirmed submission counts all the same.
The receipt, with the text and the private link, is mailed to a confirmed address only.
"""

from django.db import transaction
from django.utils import timezone

from submissions.mail import confirm_links, messages
from submissions.models import Draft, EmailConfirmation, Submission
from submissions.queries.confirmed import is_confirmed
from submissions.signals import address_confirmed
from themes.intake import DatabaseClock
from themes.models import Consultation


def request(submission: Submission) -> bool:
    """Asks for a confirmation of the address; False when it was confirmed for an earlier version."""
    if submission.version > 1 and is_confirmed(submission):
        return False
    EmailConfirmation.objects.create(submission=submission, asked_at=submission.received_at)
    return True


def find(consultation: Consultation, token: str) -> EmailConfirmation | None:
    """The confirmation that a mailed link asks for; None of a link that is none of this consultation's."""
    confirmations = EmailConfirmation.objects.select_related("submission__consultation")
    asked = confirmations.filter(submission=confirm_links.submission_in(token))
    return asked.filter(submission__consultation=consultation).first()


def confirm(confirmation: EmailConfirmation) -> None:
    """Twice is once: the first moment stays, and one receipt is mailed. None of what was withdrawn."""
    submission = confirmation.submission
    with transaction.atomic():
        unconfirmed = EmailConfirmation.objects.filter(pk=confirmation.pk, confirmed_at__isnull=True)
        if not unconfirmed.update(confirmed_at=DatabaseClock()):
            return
        if submission.is_withdrawn:
            return
        contributions = submission.contributions.select_related("theme").prefetch_related("proposals")
        messages.queue_receipt(
            submission,
            list(contributions.order_by("theme__number")),
            at=timezone.now(),
            draft=Draft.objects.filter(reference=submission.reference).first(),
        )
        address_confirmed.send(sender=None, submission=submission)
