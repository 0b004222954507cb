"""What a submission says in all, as an expression: over its contributions, however many."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from submissions.models import Contribution


def _total(of: Any) -> Coalesce:
    # By itself, so that it is counted only for the rows that are asked for, and multiplies with no other join.
    contributions = Contribution.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
    return Coalesce(Subquery(contributions.values_list(of)), 0)


def theme_count() -> Coalesce:
    return _total(Count("pk"))


def word_count() -> Coalesce:
    return _total(Sum("words"))
