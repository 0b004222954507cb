"""Passages of a text: a tag on one, and the text drawn with what is tagged and what is blacked out."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from submissions.models import Highlight, Redaction, Tag
from submissions.review.redaction import find_passage, spans
from submissions.review.refusals import MissingInput
from themes.models import Theme
from wsis.typography import list_in_words


def highlight(reference: str, theme: Theme, chosen: str, *, tag: Tag | None, by: Any) -> int:
    """Puts a tag on a passage, wherever it stands in what the reference says on the theme. Twice is once.

    Returns:
        How often it stands there.

    Raises:
        MissingInput, PassageNotFound: as `passage_of` says, or no tag was chosen.
    """
    passage, count = find_passage(reference, theme, chosen)
    if tag is None or tag.consultation_id != theme.consultation_id:
        raise MissingInput(_("Choose a tag for the passage."))
    row = Highlight(reference=reference, theme=theme, tag=tag, passage=passage, made_by=by)
    Highlight.objects.bulk_create([row], ignore_conflicts=True)
    return count


def marked(
    text: str,
    highlights: Sequence[Highlight],
    redactions: Sequence[Redaction],
    found: Sequence[tuple[int, int]] = (),
) -> SafeString:
    """The whole text: what is tagged in the tag's colour, what is blacked out still to be read by who may decide it.

    Args:
        found: where a search found something: start and end, in characters.
    """
    every: list[Highlight | Redaction | None] = [*highlights, *redactions, None]
    begins: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    for place, passage in enumerate(every):
        for start, end in found if passage is None else spans(text, [passage.passage]):
            begins[start].append(place)
            ends[end].append(place)
    pieces: list[tuple[SafeString | str]] = []
    # In one pass: what is open between one edge and the next.
    is_open: set[int] = set()
    for start, end in pairwise(sorted({0, len(text), *begins, *ends})):
        is_open = (is_open - set(ends[start])) | set(begins[start])
        pieces.append((_drawn(text[start:end], [every[place] for place in sorted(is_open)]),))
    return format_html_join("", "{}", pieces)


def _drawn(piece: str, passage: list[Highlight | Redaction | None]) -> SafeString | str:
    drawn: SafeString | str = piece
    if None in passage:
        drawn = format_html('<mark class="found-here">{}</mark>', drawn)
    tags = [one.tag for one in passage if isinstance(one, Highlight)]
    if tags:
        names = list_in_words(tag.name for tag in tags)
        drawn = format_html('<mark class="mark-{}" title="{}">{}</mark>', tags[0].colour, names, drawn)
    reasons = [one.reason for one in passage if isinstance(one, Redaction)]
    if reasons:
        drawn = format_html('<s class="blacked" title="{}">{}</s>', " · ".join(reasons), drawn)
    return drawn
