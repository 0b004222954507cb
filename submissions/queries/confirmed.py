"""Whether an address was shown to be its owner's, in any version under the same reference."""

from django.db.models import Exists, OuterRef, QuerySet

from submissions.models import EmailConfirmation, Submission


def is_confirmed(submission: Submission) -> bool:
    return _confirmed().filter(submission__reference=submission.reference, submission__email=submission.email).exists()


def has_confirmed_email() -> Exists:
    """The SQL form of `is_confirmed`, for a query of submissions."""
    return Exists(_confirmed().filter(submission__reference=OuterRef("reference"), submission__email=OuterRef("email")))


def _confirmed() -> QuerySet[EmailConfirmation]:
    return EmailConfirmation.objects.filter(confirmed_at__isnull=False)
