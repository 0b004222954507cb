"""Conditions on the review of a submission, for queries of submissions and of what belongs to them."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from submissions.models import Review


def reviewed(reference: str = "reference", **what: Any) -> Exists:
    """Of submissions, or of what leads to one by `reference`: those whose review is such."""
    return Exists(Review.objects.filter(reference=OuterRef(reference), **what))


def is_new(reference: str = "reference") -> Q:
    """Of the same: those that nobody has taken up. There is no review, or one that was only assigned or tagged."""
    return ~Q(reviewed(reference, state__in=set(Review.State.values) - {Review.State.NEW}))


def is_sent_again(path: str = "") -> Exists:
    """Of the same: those of which an earlier version was read. `path` leads to the submission."""
    read = Review.objects.filter(reference=OuterRef(f"{path}reference"), read_version__gt=0)
    return Exists(read.filter(read_version__lt=OuterRef(f"{path}version")))
