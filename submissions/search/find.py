"""Finds submissions and contributions by what was typed, through the index (models/search.py) and never row by row."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from submissions.models import Contribution, ContributionWords, SubmissionWords
from submissions.search.matching import Matcher, Matches
from submissions.search.terms import Term, Terms

# Up to so many ids travel with a query; what more rows have is asked of one row after the other.
MAX_LOOKED_UP_IDS = 50_000
MAX_RANKED = 2_000  # rows that are put in the order of their relevance


class _IsAmong(Func):
    """Whether an id is one of many: as one array, which PostgreSQL hashes, and not as so many parameters."""

    output_field = BooleanField()
    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    conditional = True

    def __init__(self, *expressions: Any, ids: Iterable[int] = (), **extra: Any) -> None:
        array = Value(sorted(ids), output_field=ArrayField(BigIntegerField()))
        super().__init__(*(expressions or (F("pk"), array)), **extra)


@dataclass(frozen=True)
class Place:
    """Somewhere a term may stand: the rows that have it, found by an index, and whether one row of the list has it."""

    rows: QuerySet[Any]  # of ids of the list's rows, flat
    has: Combinable | Q


Places = Callable[[Term, Matcher], Iterable[Place]]


def submission_places(term: Term, matcher: Matcher, *, with_contacts: bool) -> Iterator[Place]:
    """Of a submission: in who sent it, in its reference, or in what it says on any area."""
    texts = ContributionWords.objects.filter(Matches("words", matcher.in_text(term)))
    for column in ("words", "contact_words") if with_contacts else ("words",):
        senders = SubmissionWords.objects.filter(Matches(column, matcher.in_sender(term)))
        yield Place(senders.values_list("pk", flat=True), _is_there(senders.filter(pk=OuterRef("pk"))))
    yield Place(texts.values_list("submission", flat=True), _is_there(texts.filter(submission=OuterRef("pk"))))


def contribution_places(term: Term, matcher: Matcher) -> Iterator[Place]:
    """Of a contribution: in what it says, or in the organisation or the reference it comes under."""
    texts = ContributionWords.objects.filter(Matches("words", matcher.in_text(term)))
    senders = SubmissionWords.objects.filter(Matches("words", matcher.in_sender(term)))
    under = Contribution.objects.filter(submission__in=senders.values("pk")).order_by()
    yield Place(under.values_list("pk", flat=True), _is_there(senders.filter(pk=OuterRef("submission_id"))))
    yield Place(texts.values_list("pk", flat=True), _is_there(texts.filter(pk=OuterRef("pk"))))


def _is_there(rows: QuerySet[Any]) -> Q:
    """Asked of one row after the other: as EXISTS, PostgreSQL might read all texts there are first."""
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))


@dataclass(frozen=True)
class Found:
    """What has the terms; `is_common` where more rows have them than can be put in the order of their relevance."""

    rows: QuerySet[Any]
    is_common: bool


def find(queryset: QuerySet[Any], terms: Terms, places_of: Places) -> Found:
    """What of the rows has the terms; of no terms at all, nothing.

    A term that few have is looked up first, once for the page, its count and its neighbours. One that many have is
    asked of those few, or, where every term is common, of one row after the other until the page is full.
    """
    if not terms:
        return Found(_only(queryset, set()), is_common=False)
    matcher = Matcher([*terms.wanted, *terms.none_of])
    few: set[int] | None = None
    common: list[Q] = []
    for group in terms.all_of:
        places = [place for term in group for place in places_of(term, matcher)]
        ids = _looked_up(places)
        if ids is None:
            common.append(_any(places))
        else:
            few = ids if few is None else few & ids
    common += [~_any(places_of(term, matcher)) for term in terms.none_of]
    if few is not None:
        queryset = _only(queryset, few)
    if few or few is None:
        queryset = queryset.filter(*common)
    return Found(queryset, is_common=few is None or len(few) > MAX_RANKED)


def by_relevance(rows: QuerySet[Any], terms: Terms, *, is_text: bool) -> QuerySet[Any]:
    """The rows in the order of how much each says of the terms, the newest first among equals.

    Args:
        is_text: whether a row is a contribution, or else a submission, which counts with all it says.
    """
    matcher = Matcher(terms.wanted)
    texts = ContributionWords.objects.filter(**{"pk" if is_text else "submission": OuterRef("pk")}).order_by()
    # By the logarithm of its length: a long text is not more relevant because it is long.
    rank = Func(
        F("words"),
        Value(matcher.in_any(terms.wanted)),
        template="sum(ts_rank(%(expressions)s::tsquery, 1))",
        output_field=FloatField(),
    )
    ranked: QuerySet[Any] = rows.annotate(relevance=Coalesce(Subquery(texts.annotate(r=rank).values("r")), 0.0))
    return ranked.order_by("-relevance", "-pk")


def _only(queryset: QuerySet[Any], ids: set[int]) -> QuerySet[Any]:
    return queryset.filter(_IsAmong(ids=ids))


def _any(places: Iterable[Place]) -> Q:
    return reduce(or_, (Q(place.has) for place in places))


def _looked_up(places: Iterable[Place]) -> set[int] | None:
    """The ids of all that have the term; None where they are more than a few."""
    ids: set[int] = set()
    for place in places:
        ids |= set(_first(place.rows, MAX_LOOKED_UP_IDS + 1))
        if len(ids) > MAX_LOOKED_UP_IDS:
            return None
    return ids


def _first(rows: QuerySet[Any], count: int) -> list[int]:
    """The first ids, planned as if all were wanted: for few of them PostgreSQL reads a table from its beginning,
    where nobody may have the word."""
    statement, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"WITH every AS MATERIALIZED ({statement}) SELECT * FROM every LIMIT %s", [*params, count])  # noqa: S608
        return [pk for (pk,) in cursor.fetchall()]
