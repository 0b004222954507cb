"""Search in what was sent, in any script, by PostgreSQL's own index (migrations/sql/search.sql)."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import IsNull
from django.utils.text import smart_split, unescape_string_literal

from submissions.models import Contribution, Proposal, Submission


class _Matches(Func):
    """Whether a text has the words that were typed; written as the index is, so that the index is used."""

    output_field = BooleanField()
    template = "(submissions_searchable(%(expressions)s))"
    arg_joiner = ") @@ submissions_search_query("
    conditional = True


class _Joined(Func):
    """Columns with blanks between: the expression of the index, to the letter."""

    template = "%(expressions)s"
    arg_joiner = " || ' ' || "


# Up to so many ids travel with a query; what more rows have is left to the indexes.
MAX_LOOKED_UP_IDS = 2_000

PART_OF_REFERENCE = re.compile("[0-9A-Za-z-]{3,14}")
WORDING = _Joined(F("paragraph"), F("wording"), F("reason"))
CONTACT = _Joined(F("contact_name"), F("email"))


def words_of(typed: str) -> Iterator[str]:
    """What is searched for: word by word, and what stands in quotation marks as one."""
    for word in smart_split(typed):
        if word[:1] in "\"'" and word[:1] == word[-1:] and len(word) > 1:
            yield unescape_string_literal(word)
        else:
            yield word


@dataclass(frozen=True)
class Place:
    """Somewhere a word may stand: the rows that have it, found by an index, and whether one row of the list has it."""

    rows: QuerySet[Any]  # of ids of the list's rows, flat
    has: Combinable | Q


def submission_places(word: str, *, with_contacts: bool) -> Iterator[Place]:
    """Of a submission: in who sent it, in its reference, or in what it says on any theme."""
    yield from _sender_places(word, "", Submission)
    if with_contacts:
        yield _place_of(Submission, _Matches(CONTACT, Value(word)))
    texts = Contribution.objects.filter(_Matches(F("text"), Value(word))).order_by()
    rows = Proposal.objects.filter(_Matches(WORDING, Value(word))).order_by()
    yield Place(texts.values_list("submission", flat=True), _is_there(texts.filter(submission=OuterRef("pk"))))
    yield Place(
        rows.values_list("contribution__submission", flat=True),
        _is_there(rows.filter(contribution__submission=OuterRef("pk"))),
    )


def contribution_places(word: str) -> Iterator[Place]:
    """Of a contribution: in what it says, or in the organisation or the reference it comes under."""
    yield from _sender_places(word, "submission__", Contribution)
    rows = Proposal.objects.filter(_Matches(WORDING, Value(word))).order_by()
    yield _place_of(Contribution, _Matches(F("text"), Value(word)))
    yield Place(rows.values_list("contribution", flat=True), _is_there(rows.filter(contribution=OuterRef("pk"))))


def _sender_places(word: str, way: str, model: Any) -> Iterator[Place]:
    yield _place_of(model, _Matches(F(f"{way}organisation"), Value(word)))
    # A reference is no word: PostgreSQL would read “2E45” as a number. Its parts are told by their signs.
    if PART_OF_REFERENCE.fullmatch(word):
        yield _place_of(model, Q(**{f"{way}reference__contains": word.upper()}))


def _place_of(model: Any, condition: Any) -> Place:
    return Place(model.objects.filter(condition).order_by().values_list("pk", flat=True), condition)


def _is_there(rows: QuerySet[Any]) -> Q:
    """Asked of one row after the other: as EXISTS, PostgreSQL might read all texts there are first."""
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))


def searched(queryset: QuerySet[Any], typed: str, places_of: Callable[[str], Iterable[Place]]) -> QuerySet[Any]:
    """What has every word that was typed.

    A word that few have is looked up first, once for the page, its count and its neighbours. One that many have is
    asked of those few, or, where every word is common, of one row after the other until the page is full.
    """
    found: set[int] | None = None
    common = []
    for word in words_of(typed):
        ids = _looked_up(places_of(word))
        if ids is None:
            common.append(word)
        else:
            found = ids if found is None else found & ids
    if found is not None:
        # None has this id; a query of nothing at all could not be counted.
        queryset = queryset.filter(pk__in=found or {0})
    for word in common if found is None or found else []:
        queryset = queryset.filter(reduce(or_, (Q(place.has) for place in places_of(word))))
    return queryset


def _looked_up(places: Iterable[Place]) -> set[int] | None:
    """The ids of all that have the word; None where they are more than a few."""
    found: set[int] = set()
    for place in places:
        found |= set(place.rows[: MAX_LOOKED_UP_IDS + 1])
        if len(found) > MAX_LOOKED_UP_IDS:
            return None
    return found


def texts_of(submissions: Collection[int], word: str) -> QuerySet[Contribution]:
    """Of these few submissions the contributions that have the word in their text or in the wording they propose."""
    rows = Proposal.objects.filter(_Matches(WORDING, Value(word)), contribution=OuterRef("pk")).order_by()
    has = Q(_Matches(F("text"), Value(word))) | _is_there(rows)
    return Contribution.objects.filter(has, submission__in=submissions)
