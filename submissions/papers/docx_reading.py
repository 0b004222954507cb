"""Reads the text of a .docx file that anybody may have made, and trusts nothing in it.

Not by python-docx, which passes over what stands in content controls, text boxes and tracked insertions: here a
paragraph's text is every letter that a reader of the document would see. Of the archive only the document and its
footnotes are opened, each bounded; nothing is fetched, no entity is resolved, and a file with macros is refused.
"""

import io
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _
from lxml import etree

from submissions.papers.lines import Block, CannotRead, Line, Table

MOST_BYTES = 20_000_000  # unpacked, all parts together
MOST_PARTS = 2_000
MOST_PER_PART = 8_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What a reader does not see: deleted or moved away, instructions of fields, the older drawing of a text box.
_UNSEEN = {_W + "del", _W + "moveFrom", _W + "instrText", _W + "delText", _FALLBACK}
_PARAGRAPH, _TABLE, _ROW, _CELL = _W + "p", _W + "tbl", _W + "tr", _W + "tc"

OLD_WORD = b"\xd0\xcf\x11\xe0"


def read(raw: bytes) -> list[Block]:
    """The paragraphs and tables of a .docx file, in their order.

    Raises:
        CannotRead: it is none, is broken, too large, protected, or holds macros.
    """
    archive = _opened(raw)
    try:
        document = _parsed(archive, "word/document.xml")
        notes = _footnotes(archive)
        styles = _heading_styles(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, etree.XMLSyntaxError) as error:
        raise CannotRead(_broken()) from error
    body = document.find(_W + "body")
    if body is None:
        raise CannotRead(_broken())
    return list(_blocks(body, styles, notes))


def _broken() -> str:
    return _("This file is damaged, or is no Word document. Save it once more as .docx, or paste your text.")


def _opened(raw: bytes) -> zipfile.ZipFile:
    if raw.startswith(OLD_WORD):
        raise CannotRead(_("This is an old .doc file, or one with a password. Save it as .docx without a password."))
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise CannotRead(_broken()) from error
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise CannotRead(_("This file unpacks to far more than a text. Remove its pictures, or paste your text."))
    if any(part.flag_bits & 1 for part in parts):
        raise CannotRead(_("This file has a password. Save it without one."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise CannotRead(_("This file holds macros, and is not opened. Save it as .docx, which has none."))
    if "word/document.xml" not in names:
        raise CannotRead(_("This is no Word document. Upload a .docx or .txt file, or paste your text."))
    return archive


def _parsed(archive: zipfile.ZipFile, name: str) -> etree._Element:
    with archive.open(name) as part:
        # One byte more than allowed, whatever the archive's list says of its size.
        xml = part.read(MOST_PER_PART + 1)
    if len(xml) > MOST_PER_PART:
        raise CannotRead(_("This file unpacks to far more than a text. Remove its pictures, or paste your text."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.doctype:
        # Word writes none. Whoever does means to have something expanded or fetched.
        raise CannotRead(_("This file defines entities of its own, and is not opened. Save it once more as .docx."))
    return root


def _footnotes(archive: zipfile.ZipFile) -> dict[str, str]:
    """The text of each footnote by its id."""
    if "word/footnotes.xml" not in archive.namelist():
        return {}
    root = _parsed(archive, "word/footnotes.xml")
    return {
        note.get(_W + "id", ""): " ".join(_text_of(p, {}) for p in note.iter(_PARAGRAPH)).strip()
        for note in root.iter(_W + "footnote")
        if note.get(_W + "type", "normal") == "normal"
    }


def _heading_styles(archive: zipfile.ZipFile) -> dict[str, int]:
    """The level of each paragraph style that is a heading, by its id: in a German Word the id is another word."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    found = {}
    for style in _parsed(archive, "word/styles.xml").iter(_W + "style"):
        name = style.find(_W + "name")
        said = name.get(_W + "val", "").lower() if name is not None else ""
        if said.startswith("heading ") and said[8:].isdigit():
            found[style.get(_W + "styleId", "")] = int(said[8:])
        elif said == "title":
            found[style.get(_W + "styleId", "")] = 1
    return found


def _blocks(parent: etree._Element, styles: dict[str, int], notes: dict[str, str]) -> Iterator[Block]:
    """Goes through whatever wraps them: content controls, insertions, custom markup."""
    for element in parent:
        if element.tag in _UNSEEN:
            continue
        if element.tag == _PARAGRAPH:
            yield from _lines_of(element, styles, notes)
        elif element.tag == _TABLE:
            yield _table_of(element, notes)
        elif isinstance(element.tag, str):
            yield from _blocks(element, styles, notes)


def _lines_of(paragraph: etree._Element, styles: dict[str, int], notes: dict[str, str]) -> Iterator[Line]:
    cited: list[str] = []
    text = _text_of(paragraph, notes, cited)
    properties = paragraph.find(_W + "pPr")
    level = None
    if properties is not None:
        style = properties.find(_W + "pStyle")
        level = styles.get(style.get(_W + "val", "")) if style is not None else None
        if level is None and properties.find(_W + "numPr") is not None and text.strip():
            text = f"– {text}"
    yield Line(text, level)
    for note in cited:
        yield Line(note, None)
    for box in paragraph.iter(_W + "txbxContent"):
        if not any(above.tag in _UNSEEN for above in box.iterancestors()):
            for inner in box.iter(_PARAGRAPH):
                yield Line(_text_of(inner, notes), None)


def _text_of(paragraph: etree._Element, notes: dict[str, str], cited: list[str] | None = None) -> str:
    """Every letter of the paragraph itself; text boxes in it are paragraphs of their own."""
    parts: list[str] = []

    def collect(element: etree._Element) -> None:
        for child in element:
            if child.tag in _UNSEEN or child.tag == _W + "txbxContent":
                continue
            if child.tag == _W + "t":
                parts.append(child.text or "")
            elif child.tag == _W + "tab":
                # Inside a run it is a sign; inside the properties it would be a tab stop.
                parts.append("\t" if element.tag == _W + "r" else "")
            elif child.tag in {_W + "br", _W + "cr"}:
                parts.append("\n")
            elif child.tag == _W + "noBreakHyphen":
                parts.append("\u2011")
            elif child.tag == _W + "footnoteReference" and (note := notes.get(child.get(_W + "id", ""))):
                mark = f"[{child.get(_W + 'id')}]"
                parts.append(mark)
                if cited is not None:
                    cited.append(f"{mark} {note}")
            else:
                collect(child)

    collect(paragraph)
    return "".join(parts)


def _table_of(table: etree._Element, notes: dict[str, str]) -> Table:
    rows = []
    for row in table.iter(_ROW):
        cells = (
            "\n\n".join(_text_of(p, notes) for p in cell.iter(_PARAGRAPH)).strip()
            for cell in row.iter(_CELL)
            if not any(above.tag in _UNSEEN for above in cell.iterancestors())
        )
        rows.append(tuple(cells))
    return Table(tuple(rows))
