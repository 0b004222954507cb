"""Conditions on what is decided about publication, for queries of contributions and of rows that lead to one."""

from django.db.models import Exists, OuterRef

from submissions.models import PublicationDecision

Decision = PublicationDecision.Decision


def cleared_before(reference: str = "submission__reference", version: str = "submission__version") -> Exists:
    """Those that were cleared in an earlier version, so that nobody decided on what they say now."""
    return Exists(
        PublicationDecision.objects.filter(
            reference=OuterRef(reference),
            theme=OuterRef("theme"),
            decision=Decision.CLEARED,
            read_version__lt=OuterRef(version),
        )
    )


def withheld(reference: str = "submission__reference", theme: str = "theme") -> Exists:
    """Those that do not go out."""
    return Exists(
        PublicationDecision.objects.filter(
            reference=OuterRef(reference), theme=OuterRef(theme), decision=Decision.WITHHELD
        )
    )
