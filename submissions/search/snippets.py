"""Where in a text it is that a search found it, for a list to show: a few words before, the match, a few after."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from submissions.models import Contribution
from submissions.search.matching import Matcher, Matches
from submissions.search.terms import Terms

CONTEXT_CHARACTERS = 60  # characters on each side


def snippets_of(contributions: Sequence[Contribution], terms: Terms) -> dict[int, SafeString]:
    """Contribution id to the first place where one of the terms stands, for those that have one.

    The contributions come with their proposals."""
    wanted = terms.wanted
    fields = {one.pk: one.content.parts() for one in contributions}
    places = Matcher(wanted).first_in_each(list(fields.values()), wanted)
    return {
        pk: snippet(texts, place)
        for (pk, texts), place in zip(fields.items(), places, strict=True)
        if place is not None
    }


def snippets_for(submissions: Sequence[int], terms: Terms) -> dict[int, SafeString]:
    """Submission id to where the search found it, for those of which a text has one of the terms."""
    if not terms.wanted:
        return {}
    having = Contribution.objects.filter(
        Matches("search_words__words", Matcher(terms.wanted).in_any(terms.wanted)), submission__in=submissions
    )
    first = having.order_by("submission_id", "theme__number").distinct("submission_id").prefetch_related("proposals")
    texts = list(first)
    snippets = snippets_of(texts, terms)
    return {one.submission_id: snippets[one.pk] for one in texts if one.pk in snippets}


def snippet(fields: Sequence[str], place: tuple[int, int, int]) -> SafeString:
    """Of the fields of one text the one in which a term stands, from `start` to `end`, with the words around it."""
    number, start, end = place
    text = fields[number]
    first, last = max(0, start - CONTEXT_CHARACTERS), min(len(text), end + CONTEXT_CHARACTERS)
    # Whole words, where there are blanks between them.
    if first and (blank := text.find(" ", first, start)) >= 0:
        first = blank + 1
    if last < len(text) and (blank := text.rfind(" ", end, last)) >= 0:
        last = blank
    return format_html(
        '<span class="found" dir="auto">{}{}<mark>{}</mark>{}{}</span>',
        "…" if first else "",
        text[first:start],
        text[start:end],
        text[end:last],
        "…" if last < len(text) else "",
    )
