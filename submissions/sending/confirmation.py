"""Confirms that an e-mail address belongs to who sent from it: a link in the receipt's mail, and a button behind it.

The button is a POST, because the scanners of mail servers open links. An unconfirmed submission counts all the same.
"""

import hashlib
import secrets

from submissions.models import EmailConfirmation, Submission
from submissions.queries.confirmed import is_confirmed
from themes.intake import DatabaseClock
from themes.models import Consultation

TOKEN_BYTES = 18


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def request(submission: Submission) -> str:
    """The token for the receipt's mail; empty when this address was confirmed for an earlier version."""
    if is_confirmed(submission):
        return ""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    EmailConfirmation.objects.create(submission=submission, token_hash=_hash(token), asked_at=submission.received_at)
    return token


def find(consultation: Consultation, token: str) -> EmailConfirmation | None:
    """The confirmation that a mailed link asks for; None of a link that is none of this consultation's."""
    confirmations = EmailConfirmation.objects.select_related("submission__consultation")
    return confirmations.filter(token_hash=_hash(token), submission__consultation=consultation).first()


def confirm(confirmation: EmailConfirmation) -> None:
    """Twice is once: the first moment stays."""
    EmailConfirmation.objects.filter(pk=confirmation.pk, confirmed_at__isnull=True).update(confirmed_at=DatabaseClock())
