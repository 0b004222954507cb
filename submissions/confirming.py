"""Confirms that an e-mail address belongs to who sent from it: a link in the receipt's mail, and a button behind it.

The button is a POST, because the scanners of mail servers open links. An unconfirmed submission counts all the same.
"""

import hashlib
import secrets

from django.db.models import Exists, OuterRef, QuerySet

from submissions.models import EmailConfirmation, Submission
from themes.intake import DatabaseClock

TOKEN_BYTES = 18


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def ask(submission: Submission) -> str:
    """The token for the receipt's mail; empty when this address was confirmed for an earlier version."""
    if is_confirmed(submission):
        return ""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    EmailConfirmation.objects.create(submission=submission, token_hash=_hash(token), asked_at=submission.received_at)
    return token


def find(token: str) -> EmailConfirmation | None:
    return EmailConfirmation.objects.select_related("submission__consultation").filter(token_hash=_hash(token)).first()


def confirm(confirmation: EmailConfirmation) -> None:
    """Twice is once: the first moment stays."""
    EmailConfirmation.objects.filter(pk=confirmation.pk, confirmed_at__isnull=True).update(confirmed_at=DatabaseClock())


def is_confirmed(submission: Submission) -> bool:
    return _confirmed().filter(submission__reference=submission.reference, submission__email=submission.email).exists()


def has_confirmed_email() -> Exists:
    """The SQL form of `is_confirmed`, for a query of submissions."""
    return Exists(_confirmed().filter(submission__reference=OuterRef("reference"), submission__email=OuterRef("email")))


def _confirmed() -> QuerySet[EmailConfirmation]:
    return EmailConfirmation.objects.filter(confirmed_at__isnull=False)
