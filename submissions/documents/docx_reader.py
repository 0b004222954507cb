"""Reads the text of a .docx file that anybody may have made, and trusts nothing in it.

Not by python-docx, which passes over what stands in content controls, text boxes and tracked insertions: here a
paragraph's text is every letter that a reader of the document would see, once. Of the archive only the document and
its notes are opened, each bounded, and so is what they say in all; nothing is fetched, no entity is resolved, and a
file with macros is refused.
"""

import io
import zipfile
import zlib
from collections.abc import Collection, Iterator
from itertools import islice

from django.utils.translation import gettext as _
from lxml import etree

from submissions.documents.blocks import (
    MAX_BLOCKS,
    MAX_DOCUMENT_CHARACTERS,
    Block,
    Line,
    Table,
    UnreadableFile,
    too_many_blocks,
    too_many_characters,
)

MAX_BYTES = 20_000_000  # unpacked, all parts together
MAX_PARTS = 2_000
MAX_PART_BYTES = 8_000_000
MAX_ELEMENTS = 400_000  # of one part; each costs some microseconds, whatever it says
MAX_NOTES = 5_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What a reader does not see: deleted or moved away, instructions of fields, the older drawing of a text box.
_UNSEEN = {_W + "del", _W + "moveFrom", _W + "instrText", _W + "delText", _FALLBACK}
_PARAGRAPH, _TABLE, _ROW, _CELL = _W + "p", _W + "tbl", _W + "tr", _W + "tc"
_BOX = _W + "txbxContent"
# Where notes stand: their part, their element, what cites one, and how its mark begins.
_NOTES = (("footnote", ""), ("endnote", "e"))

OLD_WORD = b"\xd0\xcf\x11\xe0"


def read(raw: bytes) -> list[Block]:
    """The paragraphs and tables of a .docx file, in their order.

    Raises:
        UnreadableFile: it is none, is broken, too large, protected, or holds macros.
    """
    archive = _opened(raw)
    try:
        document = _parsed(archive, "word/document.xml")
        reading = _Reading(_heading_styles(archive), _notes(archive))
    except UnreadableFile:
        raise
    # Whatever a damaged or a hand-made archive makes its readers say.
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, etree.XMLSyntaxError) as error:
        raise UnreadableFile(_broken()) from error
    body = document.find(_W + "body")
    if body is None:
        raise UnreadableFile(_broken())
    blocks = list(islice(reading.blocks(body), MAX_BLOCKS + 1))
    if len(blocks) > MAX_BLOCKS:
        raise too_many_blocks()
    return blocks


def _broken() -> str:
    return _("This file is damaged, or is no Word document. Save it once more as .docx, or paste your text.")


def _too_large() -> UnreadableFile:
    return UnreadableFile(_("This file unpacks to far more than a text. Remove its pictures, or paste your text."))


def _opened(raw: bytes) -> zipfile.ZipFile:
    if raw.startswith(OLD_WORD):
        raise UnreadableFile(
            _("This is an old .doc file, or one with a password. Save it as .docx without a password.")
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFile(_broken()) from error
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_BYTES:
        raise _too_large()
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(_("This file has a password. Save it without one."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFile(_("This file holds macros, and is not opened. Save it as .docx, which has none."))
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise UnreadableFile(_broken())
    if "word/document.xml" not in names:
        raise UnreadableFile(_("This is no Word document. Upload a .docx or .txt file, or paste your text."))
    return archive


def _parsed(archive: zipfile.ZipFile, name: str) -> etree._Element:
    with archive.open(name) as part:
        # One byte more than allowed, whatever the archive's list says of its size.
        xml = part.read(MAX_PART_BYTES + 1)
    if len(xml) > MAX_PART_BYTES:
        raise _too_large()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(xml, parser)
    if sum(1 for _element in islice(root.iter(), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
        raise _too_large()
    if root.getroottree().docinfo.doctype:
        # Word writes none. Whoever does means to have something expanded or fetched.
        raise UnreadableFile(_("This file defines entities of its own, and is not opened. Save it once more as .docx."))
    return root


def _notes(archive: zipfile.ZipFile) -> dict[str, str]:
    """The text of each footnote and endnote, by the mark that stands for it."""
    found: dict[str, str] = {}
    for kind, begins in _NOTES:
        name = f"word/{kind}s.xml"
        if name in archive.namelist():
            for note in _parsed(archive, name).iter(_W + kind):
                if note.get(_W + "type", "normal") == "normal":
                    text = " ".join(_Reading({}, {}).text_of(p) for p in _children(note, _PARAGRAPH))
                    found[f"[{begins}{note.get(_W + 'id', '')}]"] = text.strip()
                    if len(found) > MAX_NOTES:
                        raise UnreadableFile(_("This file has more than 5,000 notes. Paste your text instead."))
    return found


def _heading_styles(archive: zipfile.ZipFile) -> dict[str, int]:
    """The level of each paragraph style that is a heading, by its id: in a German Word the id is another word."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    found = {}
    for style in _parsed(archive, "word/styles.xml").iter(_W + "style"):
        name = style.find(_W + "name")
        text = name.get(_W + "val", "").lower() if name is not None else ""
        if text.startswith("heading ") and text[8:].isdecimal() and len(text) < 11:
            found[style.get(_W + "styleId", "")] = int(text[8:])
        elif text == "title":
            found[style.get(_W + "styleId", "")] = 1
    return found


def _children(parent: etree._Element, tag: str, stops: Collection[str] = ()) -> Iterator[etree._Element]:
    """What stands in `parent` itself, whatever wraps it (content controls, insertions, custom markup), and not in
    another of its kind, so that nothing is read twice."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif isinstance(element.tag, str) and element.tag not in _UNSEEN and element.tag not in stops:
            yield from _children(element, tag, stops)


class _Reading:
    """One document as it is read: what its styles mean, which notes are still to be cited, and how much was said."""

    def __init__(self, styles: dict[str, int], notes: dict[str, str]) -> None:
        self.styles = styles
        self.marks = set(notes)
        self.notes = notes  # each is told where it is cited first, and no more
        self.left = MAX_DOCUMENT_CHARACTERS

    def blocks(self, parent: etree._Element, *, is_in_cell: bool = False) -> Iterator[Block]:
        for element in parent:
            if element.tag in _UNSEEN:
                continue
            if element.tag == _PARAGRAPH:
                yield from self.lines_of(element, is_in_cell=is_in_cell)
            elif element.tag == _TABLE:
                yield from self.table_of(element)
            elif isinstance(element.tag, str):
                yield from self.blocks(element, is_in_cell=is_in_cell)

    def lines_of(self, paragraph: etree._Element, *, is_in_cell: bool = False) -> Iterator[Block]:
        cited: list[str] = []
        properties = paragraph.find(_W + "pPr")
        style = properties.find(_W + "pStyle") if properties is not None else None
        level = self.styles.get(style.get(_W + "val", "")) if style is not None else None
        # A heading is known by its words, and a note's mark is none of them.
        text = self.text_of(paragraph, cited, has_marks=level is None)
        is_item = properties is not None and properties.find(_W + "numPr") is not None
        if level is None and is_item and text.strip() and not is_in_cell:
            text = f"– {text}"
        yield Line(text, level)
        yield from (Line(note, None) for note in cited)
        for box in _children(paragraph, _BOX):
            # What stands beside the text is no heading of it, whatever it looks like.
            yield from (Line(block.text, None) if isinstance(block, Line) else block for block in self.blocks(box))

    def text_of(self, paragraph: etree._Element, cited: list[str] | None = None, *, has_marks: bool = True) -> str:
        """Every letter of the paragraph itself; text boxes in it are paragraphs of their own.

        Args:
            cited: takes the notes that are cited here first.
            has_marks: whether the marks of notes are part of the text.
        """
        parts: list[str] = []

        def collect(element: etree._Element) -> None:
            for child in element:
                if child.tag in _UNSEEN or child.tag == _BOX:
                    continue
                if child.tag == _W + "t":
                    parts.append(self._counted(child.text or ""))
                elif child.tag == _W + "tab":
                    # Inside a run it is a sign; inside the properties it would be a tab stop.
                    parts.append("\t" if element.tag == _W + "r" else "")
                elif child.tag in {_W + "br", _W + "cr"}:
                    parts.append("\n")
                elif child.tag == _W + "noBreakHyphen":
                    parts.append("\u2011")
                elif (mark := _mark_of(child)) in self.marks:
                    parts.append(self._counted(mark) if has_marks else "")
                    if cited is not None and (note := self.notes.pop(mark, "")):
                        cited.append(self._counted(f"{mark} {note}"))
                else:
                    collect(child)

        collect(paragraph)
        return "".join(parts)

    def table_of(self, table: etree._Element) -> Iterator[Block]:
        """Its own rows and cells. A table in a cell is text of that cell, and so is what the cell cites."""
        rows = _children(table, _ROW, {_TABLE})
        yield Table(tuple(tuple(self._cell(cell) for cell in _children(row, _CELL, {_TABLE})) for row in rows))

    def _cell(self, cell: etree._Element) -> str:
        text = []
        for block in self.blocks(cell, is_in_cell=True):
            if isinstance(block, Table):
                text += [" | ".join(cells) for cells in block.rows if any(cells)]
            else:
                text.append(block.text)
        return "\n\n".join(text).strip()

    def _counted(self, text: str) -> str:
        self.left -= len(text)
        if self.left < 0:
            raise too_many_characters()
        return text


def _mark_of(element: etree._Element) -> str:
    """What stands for a note where it is cited; empty for whatever else the element is."""
    for kind, begins in _NOTES:
        if element.tag == f"{_W}{kind}Reference":
            return f"[{begins}{element.get(_W + 'id', '')}]"
    return ""
