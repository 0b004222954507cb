"""The submissions that the desk's list shows under some filters: in the list, in its export, in the worker alike."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.messages import MessageFailure
from django.core.exceptions import SuspiciousOperation
from django.db.models import Count, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.models import Submission
from themes.models import Consultation

ONE_BY_ONE = "id__in"


class NotUnderstood(ValueError):
    """The filters name something that the list does not know, or that this person may not ask."""


def listed(filters: str, *, user: Any, at: datetime) -> QuerySet[Submission]:
    """The submissions that the list shows to `user` at `at` under the filters of its address.

    Raises:
        NotUnderstood: the list refuses them.
    """
    if not filters:
        return Submission.objects.standing()
    shown = _change_list(filters, user=user, at=at).queryset
    # Without what the list itself needs to draw its columns.
    return Submission.objects.filter(pk__in=shown.order_by().values("pk"))


def consultation_in(filters: str) -> int | None:
    """The id of the one consultation that the filters leave; None where they leave all of them."""
    said = QueryDict(filters).get("consultation__id__exact", "")
    return int(said) if said.isdecimal() else None


def counts_of(submissions: QuerySet[Submission]) -> dict[Consultation, int]:
    """How many there are of each consultation; none of those that have none."""
    counted = dict(submissions.order_by().values_list("consultation").annotate(n=Count("pk")))
    return {one: counted[one.pk] for one in Consultation.objects.filter(pk__in=counted).order_by("opens_at")}


def in_words(filters: str, *, user: Any, at: datetime) -> str:
    """The filters as a person reads them, one a line.

    Raises:
        NotUnderstood: the list refuses them.
    """
    asked = QueryDict(filters)
    shown = _change_list(filters, user=user, at=at)
    lines = []
    told = {"q", ONE_BY_ONE}
    for spec in shown.filter_specs:
        names = {name for name in spec.expected_parameters() if name in asked}
        told |= names
        if names:
            chosen = [str(choice["display"]) for choice in spec.choices(shown) if choice["selected"]]
            lines.append(f"{spec.title}: {', '.join(chosen)}")
    if asked.get("q"):
        lines.append(_("search: %(words)s") % {"words": asked["q"]})
    if ONE_BY_ONE in asked:
        count = len(asked[ONE_BY_ONE].split(","))
        lines.append(ngettext("%(n)d chosen by hand", "%(n)d chosen by hand", count) % {"n": count})
    lines += [f"{name}: {asked[name]}" for name in asked if name not in told and name not in {"o", "p", "all"}]
    return "\n".join(lines)


def _request(filters: str, *, user: Any, at: datetime) -> HttpRequest:
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(filters)
    request.user = user
    # "In the last hour" is the hour before it was asked for, whenever it is made.
    request.as_of = at  # type: ignore[attr-defined]
    return request


def _change_list(filters: str, *, user: Any, at: datetime) -> Any:
    request = _request(filters, user=user, at=at)
    try:
        return admin.site.get_model_admin(Submission).get_changelist_instance(request)
    # The last one: the list would tell its visitor that a word cannot be searched, and here is none to be told.
    except (IncorrectLookupParameters, SuspiciousOperation, MessageFailure) as refusal:
        raise NotUnderstood(filters) from refusal
