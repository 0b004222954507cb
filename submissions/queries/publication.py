"""Conditions on what is decided about publication, for queries of contributions and of rows that lead to one."""

from django.db.models import Case, CharField, Exists, Expression, F, OuterRef, When

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


def own_consent(submission: str = "submission__") -> Expression:
    """How far a contribution may be published: as it says itself, or else as its submission does."""
    return Case(
        When(own_consent="", then=F(f"{submission}consent")), default=F("own_consent"), output_field=CharField()
    )
