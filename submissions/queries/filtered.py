"""The submissions that the workspace's list shows under some filters, told from the query string of its address."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.models import Submission
from submissions.queries.filters import (
    CountryFilter,
    EmailFilter,
    LanguageFilter,
    LengthFilter,
    ListFilter,
    RegionFilter,
    StandingFilter,
    ThemeFilter,
    TimeFilter,
    UnknownFilter,
    Viewer,
    WayFilter,
)
from submissions.queries.review_filters import AssigneeFilter, CampaignFilter, FlagFilter, ReviewFilter, TagFilter
from submissions.search.find import Found, find, submission_places
from submissions.search.terms import Terms, parse
from themes.models import Consultation
from wsis.typography import label_value

# In the order of the list's side bar, beside the filters by a field of the submission itself.
SUBMISSION_FILTERS: tuple[ListFilter, ...] = (
    ReviewFilter(),
    AssigneeFilter(),
    TagFilter(),
    FlagFilter(),
    CampaignFilter(),
    StandingFilter(),
    ThemeFilter(),
    RegionFilter(),
    CountryFilter(),
    LanguageFilter(),
    LengthFilter(),
    TimeFilter(),
    WayFilter(),
    EmailFilter(),
)
SELECTED_IDS = "id__in"
SORT = "sort"
# What an address holds beside filters: the page, the order, everything on one page, an error that was told.
NOT_FILTERS = {"p", "o", "all", "e", SORT}
UNSEARCHABLE = "\0"  # PostgreSQL takes no text with it
# Of a field of the submission itself. Not by pattern: what PostgreSQL cannot read as one is told only when it runs.
FIELD_LOOKUPS = {
    "",
    *("exact", "in", "isnull", "lt", "lte", "gt", "gte", "contains", "icontains", "startswith", "date"),
}
CONTACT_FIELDS = {"contact_name", "email"}
SEE_CONTACTS = "submissions.see_contacts"


def filtered_submissions(filters: str, *, user: Any, at: datetime) -> QuerySet[Submission]:
    """The submissions that the list shows to `user` at `at`; without filters, those that count.

    Args:
        filters: the query string of the list's address.

    Raises:
        UnknownFilter: the list refuses them.
    """
    query, viewer = QueryDict(filters), Viewer(user, at)
    rows: QuerySet[Any] = Submission.objects.all()
    for one in SUBMISSION_FILTERS:
        rows = one.apply(rows, _value(query, one.parameter), "", viewer)
    known = {one.parameter for one in SUBMISSION_FILTERS} | NOT_FILTERS
    for name in query:
        if name == "q":
            rows = search_submissions(rows, query["q"], user=user)
        elif name not in known:
            rows = _by_field(rows, name, query[name], user=user)
    return Submission.objects.filter(pk__in=rows.order_by().values("pk")) if filters else rows


def search_submissions(rows: QuerySet[Any], typed: str, *, user: Any) -> QuerySet[Any]:
    """What has the terms typed. What was withdrawn is found by no word of its text.

    Raises:
        UnknownFilter: it cannot be searched.
    """
    if UNSEARCHABLE in typed:
        raise UnknownFilter(typed)
    return find_submissions(rows, parse(typed), user=user).rows if typed.strip() else rows


def find_submissions(rows: QuerySet[Any], terms: Terms, *, user: Any) -> Found:
    places_of = partial(submission_places, with_contacts=user.has_perm(SEE_CONTACTS))
    found = find(rows, terms, places_of)
    return replace(found, rows=found.rows.not_withdrawn())  # type: ignore[attr-defined]


def _value(query: QueryDict, name: str) -> str | None:
    value = query.get(name)
    if value is not None and "\0" in value:
        raise UnknownFilter(value)
    return value


def _by_field(rows: QuerySet[Any], name: str, value: str, *, user: Any) -> QuerySet[Any]:
    """By a field of the submission itself, as Django's own filters write it: `stakeholder_group__exact=academia`."""
    field, _separator, lookup = name.partition("__")
    # Who may not read an address must not find one by guessing either.
    if field in CONTACT_FIELDS and not user.has_perm(SEE_CONTACTS):
        raise UnknownFilter(name)
    if field == "consultation":
        lookup = lookup.removeprefix("id__").removeprefix("id")
    if lookup not in FIELD_LOOKUPS or "\0" in value:
        raise UnknownFilter(name)
    prepared: Any = value
    if lookup == "in":
        prepared = value.split(",")
    elif lookup == "isnull":
        prepared = value.lower() not in {"", "false", "0"}
    try:
        Submission._meta.get_field("id" if field == "pk" else field)
        return rows.filter(**{f"{field}__{lookup or 'exact'}": prepared})
    except (FieldDoesNotExist, FieldError, ValidationError, ValueError, TypeError, OverflowError) as refusal:
        raise UnknownFilter(name) from refusal


# --- Told to people ---------------------------------------------------------------------------------------------------


def consultation_in(filters: str) -> int | None:
    """The id of the one consultation that the filters leave; None where they leave all of them."""
    value = QueryDict(filters).get("consultation__id__exact", "")
    return int(value) if value.isdecimal() else None


def counts_of(submissions: QuerySet[Submission]) -> dict[Consultation, int]:
    """How many there are of each consultation; none of those that have none."""
    counts = dict(submissions.order_by().values_list("consultation").annotate(n=Count("pk")))
    return {one: counts[one.pk] for one in Consultation.objects.filter(pk__in=counts).order_by("opens_at")}


def in_words(filters: str, *, user: Any, at: datetime) -> str:
    """The filters as a person reads them, one a line.

    Raises:
        UnknownFilter: the list refuses them.
    """
    filtered_submissions(filters, user=user, at=at)
    query, viewer = QueryDict(filters), Viewer(user, at)
    lines = []
    for name in _ordered(query):
        value = query[name]
        known = next((one for one in SUBMISSION_FILTERS if one.parameter == name), None)
        if known is not None:
            labels = {str(code): str(label) for code, label in known.choices(viewer)}
            lines.append(label_value(known.title, labels.get(value, known.default_label if not value else "")))
        elif name == SELECTED_IDS:
            count = len(value.split(","))
            lines.append(ngettext("%(n)d chosen by hand", "%(n)d chosen by hand", count) % {"n": count})
        elif name == "q":
            lines += [_("search: %(words)s") % {"words": value}] if value else []
        else:
            lines.append(_field_in_words(name, value))
    return "\n".join(lines)


def _ordered(query: QueryDict) -> Iterable[str]:
    """Its filters: those by a field, then the others in the side bar's order, then the search."""
    order = [one.parameter for one in SUBMISSION_FILTERS]
    last = ["q", SELECTED_IDS]
    names = [name for name in query if name not in NOT_FILTERS]
    return sorted(
        names,
        key=lambda name: order.index(name) if name in order else 100 + last.index(name) if name in last else -1,
    )


def _field_in_words(name: str, value: str) -> str:
    field_name, _separator, lookup = name.partition("__")
    field: Any = Submission._meta.get_field("id" if field_name == "pk" else field_name)
    if field.is_relation and value.isdecimal():
        return label_value(field.verbose_name, field.related_model.objects.filter(pk=value).first() or value)
    if lookup in {"", "exact"} and field.choices:
        return label_value(field.verbose_name, dict(field.flatchoices).get(value, value))
    return label_value(name, value)
