"""What the workspace's lists show under some filters, told from the query string of their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.models import Contribution, SavedFilter, Submission
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
from submissions.queries.review_filters import (
    AssigneeFilter,
    CampaignFilter,
    FlagFilter,
    PublicationFilter,
    ReviewFilter,
    TagFilter,
)
from submissions.search.find import Found, contribution_places, find, submission_places
from submissions.search.terms import Terms, parse
from themes.models import Consultation, Theme
from wsis.typography import label_value

# In the order of the list's bar, beside the filters by a field of the submission itself.
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
CONTRIBUTION_FILTERS: tuple[ListFilter, ...] = (
    ReviewFilter(),
    AssigneeFilter(),
    TagFilter(),
    FlagFilter(),
    PublicationFilter(),
    RegionFilter(),
    CountryFilter(),
    LanguageFilter(),
    LengthFilter(),
    TimeFilter(),
    WayFilter(),
)
# The list's filters by a field, and which submission's or text's field each is.
CONTRIBUTION_FIELDS = {
    "theme__id__exact": "theme",
    "submission__consultation__id__exact": "submission__consultation",
    "submission__stakeholder_group__exact": "submission__stakeholder_group",
}
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


def filtered_contributions(filters: str, *, user: Any, at: datetime) -> QuerySet[Contribution]:
    """The texts that the list of contributions shows: of submissions that count.

    Raises:
        UnknownFilter: the list refuses them.
    """
    query, viewer = QueryDict(filters), Viewer(user, at)
    rows: QuerySet[Any] = Contribution.objects.filter(submission__in=Submission.objects.standing())
    for one in CONTRIBUTION_FILTERS:
        rows = one.apply(rows, _value(query, one.parameter), "submission__", viewer)
    known = {one.parameter for one in CONTRIBUTION_FILTERS} | NOT_FILTERS
    for name in query:
        if name == "q":
            if UNSEARCHABLE in query["q"]:
                raise UnknownFilter(name)
            if query["q"].strip():
                rows = find(rows, parse(query["q"]), contribution_places).rows
        elif name in CONTRIBUTION_FIELDS:
            if len(query.getlist(name)) > 1:
                raise UnknownFilter(name)
            try:
                rows = rows.filter(**{CONTRIBUTION_FIELDS[name]: query[name]})
            except (ValueError, TypeError, OverflowError) as refusal:
                raise UnknownFilter(name) from refusal
        elif name not in known:
            raise UnknownFilter(name)
    return rows


@dataclass(frozen=True)
class Chosen:
    """What a list shows: submissions, and of a list of contributions which of their texts."""

    submissions: QuerySet[Submission]
    texts: QuerySet[Contribution] | None = None


def chosen_by(filters: str, *, of: str, user: Any, at: datetime) -> Chosen:
    """
    Args:
        of: which list (`SavedFilter.Of`).

    Raises:
        UnknownFilter: the list refuses the filters.
    """
    if of != SavedFilter.Of.CONTRIBUTIONS:
        return Chosen(filtered_submissions(filters, user=user, at=at))
    texts = filtered_contributions(filters, user=user, at=at)
    return Chosen(Submission.objects.filter(pk__in=texts.order_by().values("submission")), texts)


def areas_in(filters: str) -> list[int]:
    """The ids of the areas that a list is filtered by."""
    query = QueryDict(filters)
    return [int(query[name]) for name in ("theme", "theme__id__exact") if query.get(name, "").isdecimal()]


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


def in_words(filters: str, *, user: Any, at: datetime, of: str = SavedFilter.Of.SUBMISSIONS) -> str:
    """The filters as a person reads them, one a line.

    Raises:
        UnknownFilter: the list refuses them.
    """
    chosen_by(filters, of=of, user=user, at=at)
    known = CONTRIBUTION_FILTERS if of == SavedFilter.Of.CONTRIBUTIONS else SUBMISSION_FILTERS
    by_parameter = {one.parameter: one for one in known}
    query, viewer = QueryDict(filters), Viewer(user, at)
    lines = []
    for name in _ordered(query, list(by_parameter)):
        value = query[name]
        if one := by_parameter.get(name):
            labels = {str(code): str(label) for code, label in one.choices(viewer)}
            lines.append(
                label_value(one.title, labels.get(value) or (one.label_of(value) if value else one.default_label))
            )
        elif name == SELECTED_IDS:
            count = len(value.split(","))
            lines.append(ngettext("%(n)d chosen by hand", "%(n)d chosen by hand", count) % {"n": count})
        elif name == "q":
            lines += [_("search: %(words)s") % {"words": value}] if value else []
        elif name == "theme__id__exact":
            lines.append(label_value(_("area"), Theme.objects.filter(pk=value).first() or value))
        else:
            lines.append(_field_in_words(name.removeprefix("submission__"), value))
    return "\n".join(lines)


def _ordered(query: QueryDict, order: list[str]) -> Iterable[str]:
    """Its filters: those by a field, then the others in the bar's order, then the search."""
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
