"""Search in what was sent, in any script, by PostgreSQL's own index (migration 0007 says what a word is)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.utils.text import smart_split, unescape_string_literal

from submissions.models import Contribution, Proposal, Submission


class _Matches(Func):
    """Whether a text has the words that were typed; written as the index is, so that the index is used."""

    output_field = BooleanField()
    template = "(submissions_searchable(%(expressions)s))"
    arg_joiner = ") @@ submissions_search_query("
    conditional = True


class _Joined(Func):
    """Three columns with blanks between: the expression of the index, to the letter."""

    template = "%(expressions)s"
    arg_joiner = " || ' ' || "


def words_of(typed: str) -> Iterator[str]:
    """What is searched for: word by word, and what stands in quotation marks as one."""
    for word in smart_split(typed):
        if word[:1] in "\"'" and word[:1] == word[-1:] and len(word) > 1:
            yield unescape_string_literal(word)
        else:
            yield word


def contributions_with(word: str) -> QuerySet[Contribution]:
    """The contributions that have a word in their text or in the wording they propose."""
    in_wording = Proposal.objects.filter(
        _Matches(_Joined(F("paragraph"), F("wording"), F("reason")), Value(word))
    ).order_by()
    in_text = Contribution.objects.filter(_Matches(F("text"), Value(word))).order_by()
    # Two lists of ids: each is found by its index, and OR between two tables would use none.
    return in_text.values("pk").union(in_wording.values("contribution"), all=True)  # type: ignore[return-value]


def submissions_with(word: str, fields: list[str]) -> Q:
    """Of submissions: those that have it in one of `fields`, or in what they say on any theme."""
    said = Contribution.objects.filter(pk__in=contributions_with(word)).order_by().values("submission")
    found = Q(pk__in=said)
    for field in fields:
        found |= Q(**{f"{field}__icontains": word})
    return found


def said_by(word: str, fields: list[str]) -> Q:
    """Of contributions: those that have it in their text, or in one of `fields` of their submission."""
    who = Q()
    for field in fields:
        who |= Q(**{f"{field}__icontains": word})
    return Q(pk__in=contributions_with(word)) | Q(submission__in=Submission.objects.filter(who).order_by().values("pk"))


def searched(queryset: QuerySet[Any], typed: str, having: Any) -> QuerySet[Any]:
    """What has every word that was typed."""
    for word in words_of(typed):
        queryset = queryset.filter(having(word))
    return queryset
