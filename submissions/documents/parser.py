"""Finds the themes in what was read from a file or pasted: by their headings, in any of the site's languages.

What stands under a theme's heading is its text. What stands before the first, or under a heading of the same rank
that is no theme's, could not be placed and is given back as such. The template's own sentences are nobody's text.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from submissions.documents.blocks import Block, Line, Table
from submissions.documents.document import heading_of, prompt_of, row_labels, template_remarks
from submissions.text.content import Content, ProposedWording, fit_paragraph
from themes.models import Consultation, Theme
from themes.wording import earlier

MAX_HEADING_CHARACTERS = 300  # a longer line is no title, and need not be compared
# What stands between a label and its value in each language, and in documents written before each had its own.
_COLON = "[:：]"
MAX_UNPLACED = 50  # pieces; the last one takes the rest, so that the page that asks about them stays one


@dataclass(frozen=True)
class ParsedDocument:
    """What was found: by theme, and what could not be placed."""

    contents: dict[Theme, Content]
    unplaced: list[str]


@dataclass
class _Part:
    """What has been collected under one heading."""

    theme: Theme | None
    pieces: list[str] = field(default_factory=list)
    rows: list[ProposedWording] = field(default_factory=list)
    # Paragraphs of a document stand apart; the lines of a plain text carry their own blank lines.
    glue: str = "\n"

    @property
    def text(self) -> str:
        pieces = self.pieces if self.glue == "\n" else [piece for piece in self.pieces if piece.strip()]
        return self.glue.join(pieces).strip("\n\r ")


@dataclass(frozen=True)
class _Known:
    """The template's own words in every language of the site."""

    headings: dict[str, Theme]
    sentences: set[str]
    labels: list[tuple[str, str, str]]
    fact_labels: set[str]
    # Signs of the longest sentence, with room for the blanks and marks that are not compared.
    max_sentence_characters: int


def parse(blocks: Iterable[Block], consultation: Consultation, *, is_document: bool) -> ParsedDocument:
    """Args:
    is_document: whether a block is a paragraph, as in a .docx, rather than a line of a plain text.
    """
    blocks = list(blocks)
    known = _known(consultation)
    ranks = {
        block.level
        for block in blocks
        if isinstance(block, Line) and block.level is not None and _theme_of(block, known) is not None
    }
    glue = "\n\n" if is_document else "\n"
    parts = [_Part(None, glue=glue)]
    for block in blocks:
        if isinstance(block, Table):
            _take_table(parts[-1], block, known)
            continue
        theme = _theme_of(block, known)
        # Where headings are marked as such, a line of text that happens to be a theme's title is no heading.
        if theme is not None and (not ranks or block.level is not None):
            parts.append(_Part(theme, glue=glue))
        elif (
            ranks and block.level is not None and block.level <= max(ranks) and _key(block.text) not in known.sentences
        ):
            parts.append(_Part(None, [block.text], glue=glue))
        elif not _is_ours(block.text, known, is_before_all=len(parts) == 1):
            parts[-1].pieces.append(block.text)
    return _joined(parts, known)


def _joined(parts: list[_Part], known: _Known) -> ParsedDocument:
    texts: dict[Theme, list[str]] = {}
    proposals: dict[Theme, list[ProposedWording]] = {}
    unplaced: list[str] = []
    for part in parts:
        text, rows = _labelled_rows(part.text, known)
        rows = [*rows, *part.rows]
        if part.theme is None:
            pieces = [text, *(" | ".join((row.paragraph, row.wording, row.reason)) for row in rows)]
            unplaced += [piece for piece in pieces if piece.strip()]
            continue
        texts.setdefault(part.theme, []).append(text)
        proposals.setdefault(part.theme, []).extend(rows)
    contents = {
        theme: Content(
            "\n\n".join(piece for piece in pieces if piece), tuple(fit_paragraph(row) for row in proposals[theme])
        ).normalised()
        for theme, pieces in texts.items()
    }
    contents = {theme: content for theme, content in contents.items() if not content.is_empty}
    if len(unplaced) > MAX_UNPLACED:
        unplaced = [*unplaced[: MAX_UNPLACED - 1], "\n\n".join(unplaced[MAX_UNPLACED - 1 :])]
    ordered = sorted(contents, key=lambda theme: theme.number)
    return ParsedDocument({theme: contents[theme] for theme in ordered}, unplaced)


def _known(consultation: Consultation) -> _Known:
    themes = list(consultation.themes.all())
    headings: dict[str, Theme] = {}
    sentences, fact_labels, labels = set(), set(), []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for theme in themes:
                title = heading_of(theme).partition(". ")[2]
                headings.setdefault(_key(title), theme)
                headings[_key(heading_of(theme))] = theme
                sentences.add(_key(prompt_of(theme)))
            sentences |= {_key(remark) for remark in template_remarks()} | {_key(consultation.title)}
            labels.append(row_labels())
            fact_labels |= {_("State"), _("Saved at"), _("Deadline"), _("Submitting as"), _("Organisation")}
            fact_labels |= {_("Stakeholder group"), _("Country or territory"), _("Language"), _("Name")}
            fact_labels |= {_("Publication")}
    for change in earlier(consultation):
        if change.theme is not None and change.name == change.Name.TITLE:
            headings.setdefault(_key(change.old), change.theme)
            headings.setdefault(_key(f"{change.theme.sign}. {change.old}"), change.theme)
        else:
            sentences.add(_key(change.old))
    headings.pop("", None)
    sentences.discard("")
    return _Known(headings, sentences, labels, fact_labels, 4 * max(map(len, sentences), default=0))


def _theme_of(line: Line, known: _Known) -> Theme | None:
    """The theme whose heading a line is: by its title, with its number, without, or with one that has slipped."""
    if not line.text or len(line.text) > MAX_HEADING_CHARACTERS:
        return None
    numberless = re.sub(r"^\W*[Qq]?\d+\W+", "", line.text)
    return known.headings.get(_key(line.text)) or known.headings.get(_key(numberless))


def _key(text: str) -> str:
    """What is compared: letters and digits alone, whatever their case and form, digits of any script as 0 to 9."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign
        for sign in folded
        if sign.isalnum() or unicodedata.category(sign).startswith("M")
    )


def _is_ours(text: str, known: _Known, *, is_before_all: bool) -> bool:
    """Whether a line is the template's own: a prompt, a remark, or above the first heading a fact."""
    is_short = 0 < len(text) <= known.max_sentence_characters
    if is_short and _key(text.removeprefix("– ").removeprefix("> ")) in known.sentences:
        return True
    return is_before_all and (
        re.split(_COLON, text, maxsplit=1)[0].strip() in known.fact_labels or re.fullmatch("=+", text) is not None
    )


def _take_table(part: _Part, table: Table, known: _Known) -> None:
    """The rows of the template's table; any other table becomes text, cell by cell."""
    header = tuple(_key(cell) for cell in table.rows[0]) if table.rows else ()
    if header in {tuple(_key(label) for label in labels) for labels in known.labels}:
        for cells in table.rows[1:]:
            paragraph, wording, reason = (*cells, "", "", "")[:3]
            row = ProposedWording(paragraph, wording, reason)
            if not row.is_empty:
                part.rows.append(row)
        return
    part.pieces += [" | ".join(cells) for cells in table.rows if any(cells)]


def _labelled_rows(text: str, known: _Known) -> tuple[str, list[ProposedWording]]:
    """The rows at the end of a plain text: from the first “Paragraph:” that is followed by the other two labels.

    Line by line, each looked at once for each language: this is a text that anybody may have made.
    """
    lines = text.split("\n")
    for labels in known.labels:
        paragraph, wording, reason = (re.compile(rf"{re.escape(label)}\s?{_COLON}") for label in labels)
        begins = [
            n for n, (line, after) in enumerate(pairwise(lines)) if paragraph.match(line) and wording.match(after)
        ]
        places = []
        for start, end in pairwise([*begins, len(lines)]):
            at = next((n for n in range(start + 2, end) if reason.match(lines[n])), None)
            # Without its third label it is a line like others, of whatever stands before it.
            if at is not None:
                places.append((start, at))
        if places:
            ends = [start for start, _at in places[1:]] + [len(lines)]
            rows = [
                ProposedWording(
                    paragraph.sub("", lines[start], count=1).strip(),
                    wording.sub("", "\n".join(lines[start + 1 : at]), count=1).strip(),
                    reason.sub("", "\n".join(lines[at:end]), count=1).strip(),
                )
                for (start, at), end in zip(places, ends, strict=True)
            ]
            before = "\n".join(lines[: places[0][0]]).rstrip("\n ")
            return before, [row for row in rows if not row.is_empty]
    return text, []
