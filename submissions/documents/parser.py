"""Finds the areas in what was read from a file or pasted: by their headings, in any of the site's languages.

Every line of the input comes out somewhere. What stands under an area's heading is its text; what stands before the
first, under a heading that is no area's or under one that is nearly an area's, is a piece of its own, to be placed by
whoever wrote it. The template's own sentences are nobody's text, and are told apart.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from submissions.documents.blocks import FileContent, Line, Omitted, Table
from submissions.documents.document import prompt_of, publication_of, row_labels, template_remarks
from submissions.documents.headings import Heading, Titles, comparable, headings_in
from submissions.models import Consent
from submissions.text.content import Content, ProposedWording, fit_paragraph
from themes.models import Consultation, Theme
from themes.wording import earlier

# What stands between a label and its value in each language, and in documents written before each had its own.
_COLON = "[:：]"
MAX_PIECES = 60  # the last one takes the rest, so that the page that asks about them stays one
MAX_FACTS = 40  # lines above the first heading that are the template's own
MAX_COMPARED_CHARACTERS = 4_000  # a longer line is nobody's sentence or title, and is not compared


@dataclass(frozen=True)
class Piece:
    """What stands under one heading, until the next.

    Attributes:
        heading: as it was written; empty for what stands before the first.
        theme: the area whose heading that is; None where it is none's.
        is_sure: whether that needs not be asked.
    """

    heading: str
    content: Content
    theme: Theme | None = None
    is_sure: bool = False

    def content_under(self, theme: Theme | None) -> Content:
        """As it stands on an area: with its heading, unless that is the area's own."""
        if not self.heading or (theme is not None and theme == self.theme):
            return self.content
        text = "\n\n".join(part for part in (self.heading, self.content.text) if part)
        return Content(text, self.content.proposals)


@dataclass(frozen=True)
class ParsedDocument:
    """
    Attributes:
        pieces: in the order of the file.
        ours: lines that are the template's own, and areas' headings with nothing below them.
        omitted: what the file holds and a text cannot show.
    """

    pieces: list[Piece]
    ours: list[str] = field(default_factory=list)
    omitted: list[Omitted] = field(default_factory=list)

    @property
    def contents(self) -> dict[Theme, Content]:
        """What stands under the headings of areas for certain, in the areas' order."""
        placed = [piece for piece in self.pieces if piece.is_sure and piece.theme is not None]
        return {
            piece.theme: piece.content
            for piece in sorted(placed, key=lambda piece: piece.theme.number if piece.theme else 0)
            if piece.theme is not None
        }

    @property
    def unplaced(self) -> list[str]:
        """The other pieces, as text."""
        return [piece.content_under(None).as_text() for piece in self.pieces if not piece.is_sure]


@dataclass
class _Part:
    """What has been collected under one heading."""

    heading: str = ""
    theme: Theme | None = None
    is_sure: bool = False
    lines: list[str] = field(default_factory=list)
    rows: list[ProposedWording] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """The template's own words in every language of the site."""

    titles: Titles
    sentences: set[str]
    labels: list[tuple[str, str, str]]
    fact_labels: set[str]


def parse(file: FileContent, consultation: Consultation) -> ParsedDocument:
    known = _known(consultation)
    keys = {
        at: comparable(block.text)
        for at, block in enumerate(file.blocks)
        if isinstance(block, Line) and block.text.strip() and len(block.text) <= MAX_COMPARED_CHARACTERS
    }
    headings = headings_in(file.blocks, keys, known.titles, is_document=file.is_document, ours=known.sentences)
    parts = [_Part()]
    ours: dict[str, None] = {}
    for at, block in enumerate(file.blocks):
        if isinstance(block, Table):
            _take_table(parts[-1], block, known)
        elif (heading := headings.get(at)) is not None and (part := _begun(parts, block.text, heading)) is not None:
            if part.heading != block.text.strip():
                ours[block.text.strip()] = None
        elif _is_ours(block.text, keys.get(at, ""), known, is_before_all=len(parts) == 1 and len(ours) < MAX_FACTS):
            # Each once: a template that is handed in has the same sentence under every area.
            ours[block.text.strip()] = None
        else:
            parts[-1].lines.append(block.text)
    return _assembled(parts, list(ours), file, known)


def _begun(parts: list[_Part], text: str, heading: Heading) -> _Part | None:
    """The part under a heading: a new one, or the one that has it already. None where there are too many parts."""
    if heading.is_sure:
        same = next((part for part in parts if part.is_sure and part.theme == heading.theme), None)
        if same is not None:
            # A heading that comes twice brings both texts together, with a blank line between them.
            parts.remove(same)
            parts.append(same)
            same.lines.append("")
            return same
    elif len(parts) >= MAX_PIECES:
        return None
    parts.append(_Part(text.strip(), heading.theme, heading.is_sure))
    return parts[-1]


def _assembled(parts: list[_Part], ours: list[str], file: FileContent, known: _Known) -> ParsedDocument:
    pieces = []
    for part in parts:
        # Paragraphs of a document stand apart; the lines of a plain text carry their own blank lines.
        lines = [line for line in part.lines if line.strip()] if file.is_document else part.lines
        text, rows = _labelled_rows(("\n\n" if file.is_document else "\n").join(lines).strip("\n\r "), known)
        content = Content(text, tuple(map(fit_paragraph, [*rows, *part.rows]))).normalised()
        if not content.is_empty or (part.heading and not part.is_sure):
            pieces.append(Piece(part.heading, content, part.theme, part.is_sure))
        elif part.heading:
            ours.append(part.heading)
    return ParsedDocument(pieces, ours, file.omitted)


def _known(consultation: Consultation) -> _Known:
    themes = list(consultation.themes.all())
    titles = Titles()
    sentences, fact_labels, labels = set(), set(), []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for theme in themes:
                titles.add(theme, theme.title, theme.sign)
                sentences.add(comparable(prompt_of(theme)))
            # With the article and without, where the language writes it as a part of the word.
            titles.words |= {comparable(_("Area")), comparable(_("Area")).removeprefix("ال")}
            ours: list[str] = [*template_remarks(consultation), consultation.title, _("Left out on purpose")]
            ours += [publication_of(consent) for consent, _label in Consent.choices]
            sentences |= set(map(comparable, ours))
            labels.append(row_labels())
            fact_labels |= {_("State"), _("Saved at"), _("Deadline"), _("Submitting as"), _("Organisation")}
            fact_labels |= {_("Stakeholder group"), _("Country or territory"), _("Language"), _("Name")}
            fact_labels |= {_("Publication")}
    for change in earlier(consultation):
        if change.theme is not None and change.name == change.Name.TITLE:
            titles.add(change.theme, change.old, change.theme.sign)
        else:
            sentences.add(comparable(change.old))
    sentences.discard("")
    return _Known(titles, sentences, labels, fact_labels)


def _is_ours(text: str, key: str, known: _Known, *, is_before_all: bool) -> bool:
    """Whether a line is the template's own: a prompt, a remark, or above the first heading a fact."""
    if key and key in known.sentences:
        return True
    return is_before_all and (
        re.split(_COLON, text[:200], maxsplit=1)[0].strip() in known.fact_labels or re.fullmatch("=+", text) is not None
    )


def _take_table(part: _Part, table: Table, known: _Known) -> None:
    """The rows of the template's table; any other table becomes text, cell by cell."""
    header = tuple(map(comparable, table.rows[0])) if table.rows else ()
    if header in {tuple(map(comparable, labels)) for labels in known.labels}:
        for cells in table.rows[1:]:
            paragraph, wording, *reasons = (*cells, "", "", "")[: max(3, len(cells))]
            # A column that somebody added is a part of the reason.
            row = ProposedWording(paragraph, wording, "\n\n".join(filter(None, reasons)))
            if not row.is_empty:
                part.rows.append(row)
        return
    part.lines += [" | ".join(cells) for cells in table.rows if any(cells)]


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
