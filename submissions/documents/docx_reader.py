"""Reads the text of a .docx file that anybody may have made, and trusts nothing in it.

Not by python-docx, which passes over what stands in content controls, text boxes and tracked insertions: here a
paragraph's text is every letter that a reader of the document would see, once, with the numbers, bullets and signs of
notes that the program writes by itself. What a text cannot show (a picture) is counted and named.
"""

import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice

from django.utils.translation import gettext as _
from lxml import etree

from submissions.documents.blocks import (
    MAX_BLOCKS,
    MAX_DOCUMENT_CHARACTERS,
    Block,
    FileContent,
    Line,
    Omission,
    Omitted,
    Table,
    UnreadableFile,
    too_many_blocks,
    too_many_characters,
)
from submissions.documents.docx_package import Package, broken
from submissions.documents.docx_styles import Lists, Look, Styles, W, look_of, roman, value
from submissions.documents.docx_text import ParagraphText, address_beside, link_of_field, unicode_sign

MAX_NOTES = 5_000
MAX_BESIDE_CHARACTERS = 80

_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE, _COME = {W + "del", W + "moveFrom"}, {W + "ins", W + "moveTo"}
# What a reader does not see: deleted or moved away, the older drawing of a text box, what properties say.
_UNSEEN = {*_GONE, W + "delText", W + "rPr", W + "pPr", W + "sdtPr", _FALLBACK}
_PARAGRAPH, _TABLE, _ROW, _CELL = W + "p", W + "tbl", W + "tr", W + "tc"
_BOX = W + "txbxContent"
_PICTURES = {W + "drawing", W + "pict", W + "object"}
_SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "\u2011"}
_NOTE_KINDS = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
# Signs of fonts of symbols that have a place in Unicode: bullets, ticks and boxes.
_SYMBOLS = {"F0B7": "•", "F0A7": "▪", "F0FC": "✓", "F0FE": "☑", "F0A8": "☐", "F06F": "☐", "F0E0": "→", "F0D8": "▶"}


def read(raw: bytes) -> FileContent:
    """The paragraphs and tables of a .docx file, in their order.

    Raises:
        UnreadableFile: it is none, is broken, too large, protected, or holds macros.
    """
    try:
        reader = _Reader(Package(raw))
        blocks = list(islice(reader.blocks(reader.body), MAX_BLOCKS + 1))
        reader.look_at_margins()
    except UnreadableFile:
        raise
    # Whatever a damaged or a hand-made archive makes its readers say.
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, etree.XMLSyntaxError) as error:
        raise broken() from error
    if len(blocks) > MAX_BLOCKS:
        raise too_many_blocks()
    return FileContent(blocks, is_document=True, omitted=reader.omitted())


def _children(parent: etree._Element, tag: str, stops: Collection[str] = ()) -> Iterator[etree._Element]:
    """What stands in `parent` itself, whatever wraps it (content controls, insertions, custom markup), and not in
    another of its kind, so that nothing is read twice."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif isinstance(element.tag, str) and element.tag not in _UNSEEN and element.tag not in stops:
            yield from _children(element, tag, stops)


class _Reader:
    """One document as it is read: what its styles mean, which notes are still to be cited, and how much was said."""

    def __init__(self, package: Package) -> None:
        body = package.document().find(W + "body")
        if body is None:
            raise broken()
        self.body = body
        self.styles = Styles(next(package.related("styles"), None))
        self.lists = Lists(next(package.related("numbering"), None))
        self.links = package.links()
        self.package = package
        self.left = MAX_DOCUMENT_CHARACTERS
        self.counts: Counter[Omission] = Counter()
        self.beside: dict[Omission, str] = {}
        self.carried = ""  # of a paragraph whose end was deleted: it goes on in the next one
        self.marks: dict[tuple[str, str], str] = {}
        self.cited_so_far: Counter[str] = Counter()
        self.notes: dict[tuple[str, str], str] = {}
        self.notes = dict(islice(self._notes(), MAX_NOTES + 1))
        if len(self.notes) > MAX_NOTES:
            raise UnreadableFile(_("This file has more than 5,000 notes. Paste your text instead."))

    def _notes(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Each footnote and endnote by its kind and id."""
        for kind in ("footnote", "endnote"):
            for part in self.package.related(f"{kind}s"):
                for note in part.iter(W + kind):
                    if note.get(W + "type", "normal") == "normal":
                        text = " ".join(str(self.text_of(p)) for p in _children(note, _PARAGRAPH))
                        yield (kind, note.get(W + "id", "")), text.strip()

    def look_at_margins(self) -> None:
        """What stands above and below each page is no part of the text, and is named."""
        for kind in ("header", "footer"):
            for part in self.package.related(kind):
                text = " ".join(str(self.text_of(p)) for p in _children(part, _PARAGRAPH)).strip()
                if text and not text.isdecimal():
                    self._count(Omission.HEADER, beside=text)

    def omitted(self) -> list[Omitted]:
        return [Omitted(what, self.counts[what], self.beside.get(what, "")) for what in Omission if self.counts[what]]

    # --- Paragraphs and tables -----------------------------------------------------------------------------------

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        for element in parent:
            if element.tag in _UNSEEN:
                self._count(Omission.CHANGE, when=element.tag in _GONE)
            elif element.tag == _PARAGRAPH:
                yield from self.lines_of(element)
            elif element.tag == _TABLE:
                yield from self._left_over()
                yield from self.table_of(element)
            elif isinstance(element.tag, str):
                yield from self.blocks(element)
        if parent is self.body or parent.tag in {_CELL, _BOX}:
            yield from self._left_over()

    def _left_over(self) -> Iterator[Line]:
        """What was to go on in a next paragraph, where there is none."""
        if self.carried:
            yield Line(self.carried)
            self.carried = ""

    def lines_of(self, paragraph: etree._Element) -> Iterator[Block]:
        before = self.counts.copy()
        look = self._look_of(paragraph)
        level = look.level or None
        found = self.text_of(paragraph, look)
        # A heading is known by its words, and a note's sign is none of them.
        text = self.carried + str(found)
        self.carried = ""
        for what in self.counts - before:
            self.beside.setdefault(what, text.strip()[:MAX_BESIDE_CHARACTERS])
        if self._is_end_deleted(paragraph):
            self._count(Omission.CHANGE, beside=text)
            self.carried = text
            yield from (Line(note) for note in found.cited)
            return
        is_listed = look.list_id not in {None, "0"}
        if is_listed:
            label = self.lists.label(str(look.list_id), look.list_level or 0)
            indent = "" if level else "  " * (look.list_level or 0)
            text = f"{indent}{label} {text}".rstrip() if label and text.strip() else text
        yield Line(
            text, level, is_inner=is_listed and level is None, is_bold=bool(text.strip()) and not found.has_plain
        )
        yield from (Line(note) for note in found.cited)
        for box in _children(paragraph, _BOX):
            yield from (
                Line(block.text, is_inner=True) if isinstance(block, Line) else block for block in self.blocks(box)
            )

    def _look_of(self, paragraph: etree._Element) -> Look:
        properties = paragraph.find(W + "pPr")
        return look_of(properties, None).over(self.styles.look(value(properties, "pStyle")))

    def _is_end_deleted(self, paragraph: etree._Element) -> bool:
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        return mark is not None and any(child.tag in _GONE for child in mark)

    def table_of(self, table: etree._Element) -> Iterator[Block]:
        """Its own rows and cells. A table in a cell is text of that cell, and so is what the cell cites."""
        rows = []
        for row in _children(table, _ROW, {_TABLE}):
            if row.find(f"{W}trPr/{W}del") is not None:
                self._count(Omission.CHANGE)
            else:
                rows.append(tuple(self._cell(cell) for cell in _children(row, _CELL, {_TABLE})))
        yield Table(tuple(rows))

    def _cell(self, cell: etree._Element) -> str:
        text = []
        for block in self.blocks(cell):
            if isinstance(block, Table):
                text += [" | ".join(cells) for cells in block.rows if any(cells)]
            else:
                text.append(block.text)
        return "\n\n".join(text).strip()

    # --- The text of one paragraph -------------------------------------------------------------------------------

    def text_of(self, paragraph: etree._Element, look: Look | None = None) -> ParagraphText:
        """Every letter of the paragraph itself; text boxes in it are paragraphs of their own."""
        text = ParagraphText()
        self._collect(paragraph, text, look or self._look_of(paragraph), has_marks=not (look and look.level))
        return text

    def _collect(self, element: etree._Element, text: ParagraphText, look: Look, *, has_marks: bool) -> None:
        for child in element:
            tag = child.tag
            if tag in _UNSEEN or tag == _BOX or not isinstance(tag, str):
                self._count(Omission.CHANGE, when=tag in _GONE)
            elif tag == W + "r":
                properties = child.find(W + "rPr")
                run = look_of(None, properties).over(self.styles.look(value(properties, "rStyle"))).over(look)
                if run.is_hidden:
                    self._count(Omission.HIDDEN, when=next(child.iter(W + "t"), None) is not None)
                else:
                    self._collect(child, text, run, has_marks=has_marks)
            elif tag in _NOTE_KINDS:
                self._cite(child, text, has_marks=has_marks)
            elif tag in {W + "hyperlink", W + "fldSimple"}:
                begins = len(text.pieces)
                self._collect(child, text, look, has_marks=has_marks)
                address = self.links.get(child.get(_RELATION_ID, "")) or link_of_field(child.get(W + "instr", ""))
                self._add(text, address_beside(address, text.since(begins)), look)
            elif (sign := self._sign(child, text, element)) is not None:
                self._add(text, sign, look)
            else:
                self._count(Omission.CHANGE, when=tag in _COME)
                self._count(Omission.COMMENT, when=tag == W + "commentReference")
                self._count(Omission.EQUATION, when=tag == _MATH + "oMath")
                self._count(Omission.PICTURE, when=tag in _PICTURES and next(child.iter(_BOX), None) is None)
                self._collect(child, text, look, has_marks=has_marks)

    def _sign(self, child: etree._Element, text: ParagraphText, parent: etree._Element) -> str | None:
        """What an element says itself; None where only what is in it may say something."""
        tag = child.tag
        if tag in {W + "t", _MATH + "t"}:
            return child.text or ""
        if tag in _SIGNS:
            # Inside a run it is a sign; inside properties it would be a tab stop.
            return _SIGNS[tag] if parent.tag == W + "r" else ""
        if tag == W + "sym":
            code = child.get(W + "char", "").upper()
            known = _SYMBOLS.get(code) or unicode_sign(code)
            self._count(Omission.SYMBOL, when=not known)
            return known or "\ufffd"
        if tag == W + "instrText":
            if text.fields:
                text.fields[-1][0].append(child.text or "")
            return ""
        if tag == W + "fldChar":
            return self._field(child.get(W + "fldCharType", ""), text)
        return None

    def _field(self, kind: str, text: ParagraphText) -> str:
        """Follows a field that is written in pieces. Where it ends, the address of a link is added."""
        if kind == "begin":
            text.fields.append(([], len(text.pieces)))
        elif kind == "end" and text.fields:
            instruction, begins = text.fields.pop()
            return address_beside(link_of_field("".join(instruction)), text.since(begins))
        return ""

    def _cite(self, reference: etree._Element, text: ParagraphText, *, has_marks: bool) -> None:
        """The sign of a note where it is cited, and the note itself where that is the first time."""
        kind, key = _NOTE_KINDS[reference.tag], reference.get(W + "id", "")
        is_first = (kind, key) in self.notes
        if not is_first and (kind, key) not in self.marks:
            return
        if is_first:
            if reference.get(W + "customMarkFollows", "0") not in {"0", "false"}:
                # Its sign is text, and is read as such.
                run = reference.getparent()
                self.marks[kind, key] = "".join(t.text or "" for t in run.iter(W + "t")) if run is not None else ""
                has_marks = False
            else:
                self.cited_so_far[kind] += 1
                n = self.cited_so_far[kind]
                self.marks[kind, key] = f"[{n if kind == 'footnote' else roman(n)}]"
            note = self.notes.pop((kind, key))
            text.cited.append(self._counted(f"{self.marks[kind, key]} {note}"))
        if has_marks:
            self._add(text, self.marks[kind, key], Look())

    # --- What is counted -----------------------------------------------------------------------------------------

    def _add(self, text: ParagraphText, sign: str, look: Look) -> None:
        text.pieces.append((self._counted(sign), bool(look.is_struck)))
        text.has_plain |= bool(sign.strip()) and not look.is_bold
        self._count(Omission.STRUCK, when=bool(look.is_struck and sign.strip()))

    def _count(self, what: Omission, *, when: bool = True, beside: str = "") -> None:
        self.counts[what] += when
        if when and beside:
            self.beside.setdefault(what, beside.strip()[:MAX_BESIDE_CHARACTERS])

    def _counted(self, text: str) -> str:
        self.left -= len(text)
        if self.left < 0:
            raise too_many_characters()
        return text
