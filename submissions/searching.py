"""Search in what was sent, in any script, by PostgreSQL's own index (migration 0007 says what a word is)."""

import re
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
    """Columns with blanks between: the expression of the index, to the letter."""

    template = "%(expressions)s"
    arg_joiner = " || ' ' || "


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


def contributions_with(word: str) -> QuerySet[Any]:
    """The ids of the contributions that have a word in their text or in the wording they propose."""
    in_text = Contribution.objects.filter(_Matches(F("text"), Value(word))).order_by().values("pk")
    in_wording = Proposal.objects.filter(_Matches(WORDING, Value(word))).order_by().values("contribution")
    # One list of ids, each part of it found by its index: OR between two tables would use none.
    return in_text.union(in_wording, all=True)


def submissions_with(word: str, *, with_contacts: bool) -> Q:
    """Of submissions: those that have it in who sent them, or in what they say on any theme."""
    said = Contribution.objects.filter(pk__in=contributions_with(word)).order_by().values("submission")
    contacts = [Submission.objects.filter(_Matches(CONTACT, Value(word))).order_by().values("pk")]
    return Q(pk__in=said.union(*_sent_by(word), *(contacts if with_contacts else []), all=True))


def said_by(word: str) -> Q:
    """Of contributions: those that have it in what they say, or in the organisation or reference they come under."""
    said = Contribution.objects.filter(pk__in=contributions_with(word)).order_by().values("pk")
    theirs = (Contribution.objects.filter(submission__in=senders).order_by().values("pk") for senders in _sent_by(word))
    return Q(pk__in=said.union(*theirs, all=True))


def _sent_by(word: str) -> list[QuerySet[Any]]:
    """The ids of the submissions that come from such an organisation, and of those with that in their reference."""
    found = [Submission.objects.filter(_Matches(F("organisation"), Value(word))).order_by().values("pk")]
    # A reference is no word: PostgreSQL would read “2E45” as a number. Its parts are told by their signs.
    if PART_OF_REFERENCE.fullmatch(word):
        found.append(Submission.objects.filter(reference__contains=word.upper()).order_by().values("pk"))
    return found


def searched(queryset: QuerySet[Any], typed: str, having: Any) -> QuerySet[Any]:
    """What has every word that was typed."""
    for word in words_of(typed):
        queryset = queryset.filter(having(word))
    return queryset
