"""Where in a text it is that a search found it, for a list to show: a few words before, the match, a few after."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString

from submissions.queries.search import texts_of, words_of
from submissions.text.fold import fold

CONTEXT_CHARACTERS = 60  # characters on each side


def find_words(text: str, word: str) -> tuple[int, int] | None:
    """Where a word, or the words of a phrase one after the other, begin and end in the text, in characters."""
    wanted = r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", fold(word))))
    match = re.search(wanted, fold(text)) if wanted else None
    return match and (_before(text, match.start()), _before(text, match.end()))


def _before(text: str, folded: int) -> int:
    """How many characters of the text fold to `folded` ones."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high) // 2
        if len(fold(text[:middle])) < folded:
            low = middle + 1
        else:
            high = middle
    return low


def snippet(text: str, typed: str) -> SafeString | None:
    """The first place where one of the words typed stands, marked, with what is around it."""
    marked = (_marked(text, word) for word in words_of(typed))
    return next((one for one in marked if one is not None), None)


def _marked(text: str, word: str) -> SafeString | None:
    place = find_words(text, word)
    if place is None:
        return None
    start, end = place
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


def snippets_for(submissions: list[int], typed: str) -> dict[int, SafeString]:
    """Submission id to where the search found it, for those of which a text has one of the words typed."""
    snippets: dict[int, SafeString] = {}
    for word in words_of(typed):
        left = [pk for pk in submissions if pk not in snippets]
        if not left:
            break
        having = texts_of(left, word)
        for one in (
            having.order_by("submission_id", "theme__number").distinct("submission_id").prefetch_related("proposals")
        ):
            text = one.content.as_text()
            if (marked := _marked(text, word)) is not None:
                snippets[one.submission_id] = marked
    return snippets
