"""Passages of a text: a tag on one, and the text drawn with what is tagged and what is blacked out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from submissions.models import Highlight, Redaction, Tag
from submissions.publication.redacting import Missing, passage_of, spans
from themes.models import Theme


def highlight(reference: str, theme: Theme, chosen: str, *, tag: Tag | None, by: Any) -> int:
    """Puts a tag on a passage, wherever it stands in what the reference says on the theme. Twice is once.

    Returns:
        How often it stands there.

    Raises:
        Missing, NotThere: as `passage_of` says, or no tag was chosen.
    """
    passage, count = passage_of(reference, theme, chosen)
    if tag is None or tag.consultation_id != theme.consultation_id:
        raise Missing(_("Choose a tag for the passage."))
    if not Highlight.objects.filter(reference=reference, theme=theme, tag=tag, passage=passage).exists():
        Highlight.objects.create(reference=reference, theme=theme, tag=tag, passage=passage, made_by=by)
    return count


@dataclass(frozen=True)
class Mark:
    """A stretch of a text, [start, end) in characters, and what it is marked as."""

    start: int
    end: int
    made: Highlight | Redaction


def marked(said: str, highlights: Sequence[Highlight], redactions: Sequence[Redaction]) -> SafeString:
    """The whole text: what is tagged in the tag's colour, what is blacked out still to be read by who may decide it."""
    every: list[Highlight | Redaction] = [*highlights, *redactions]
    marks = [Mark(start, end, made) for made in every for start, end in spans(said, [made.passage])]
    edges = sorted({0, len(said), *(edge for mark in marks for edge in (mark.start, mark.end))})
    return format_html_join(
        "",
        "{}",
        (
            (_drawn(said[start:end], [mark.made for mark in marks if mark.start <= start and end <= mark.end]),)
            for start, end in pairwise(edges)
        ),
    )


def _drawn(piece: str, made: list[Highlight | Redaction]) -> SafeString | str:
    drawn: SafeString | str = piece
    tags = [one.tag for one in made if isinstance(one, Highlight)]
    if tags:
        names = ", ".join(tag.name for tag in tags)
        drawn = format_html('<mark class="mark-{}" title="{}">{}</mark>', tags[0].colour, names, drawn)
    reasons = [one.reason for one in made if isinstance(one, Redaction)]
    if reasons:
        drawn = format_html('<s class="blacked" title="{}">{}</s>', "; ".join(reasons), drawn)
    return drawn
