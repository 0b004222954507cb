"""A paper as a .docx file, written by python-docx. Reading one back is docx_reader.py's business."""

import io
import re
from datetime import UTC, datetime

import docx
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from submissions.documents.document import Document, Section, prompt_of, row_labels
from submissions.text.content import Content, ProposedWording
from submissions.text.direction import is_rtl
from wsis.typography import label_value

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>WSIS+20 consultation</Application></Properties>"
)
# What XML 1.0 cannot hold at all; everything else is kept.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(document: Document) -> bytes:
    """The bytes of a .docx file."""
    word = new_document(document.title)
    _say(word.add_heading(level=1), document.title)
    for label, value in document.facts:
        _say(word.add_paragraph(), label_value(label, value))
    for remark in document.remarks:
        _say(word.add_paragraph(style="List Bullet"), remark)
    for section in document.sections:
        _add_section(word, section, document)
    for sentence in document.closing:
        _say(word.add_paragraph(), sentence)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def new_document(title: str) -> WordDocument:
    """An empty one, of today and of nobody: python-docx's own template says another program and the year 2013."""
    word = docx.Document()
    properties = word.core_properties
    properties.title = title
    properties.author = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    for part in word.part.package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part._blob = APPLICATION
    word.styles["Normal"].font.size = Pt(11)
    for page in word.sections:
        page.left_margin = page.right_margin = Cm(2.5)
    return word


def _add_section(word: WordDocument, section: Section, document: Document) -> None:
    _say(word.add_heading(level=2), section.heading)
    if document.is_form and (prompt := prompt_of(section.theme)):
        _say(word.add_paragraph(style="Quote"), prompt)
    for remark in section.remarks:
        _say(word.add_paragraph(), remark)
    # A blank line starts a paragraph; a single line's end stays one within it.
    for part in section.content.text.split("\n\n"):
        _say(word.add_paragraph(), part)
    _add_rows(word, section.content, document)


def _add_rows(word: WordDocument, content: Content, document: Document) -> None:
    rows = content.proposals or ((ProposedWording(),) if document.is_form else ())
    if not rows:
        return
    table: Table = word.add_table(rows=1, cols=3, style="Table Grid")
    if document.is_rtl:
        # Its first column is the one on the right.
        table._tblPr.append(OxmlElement("w:bidiVisual"))
    for cell, label in zip(table.rows[0].cells, row_labels(), strict=True):
        _fill(cell, label)
    for row in rows:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]
        for cell, text in zip(cells, (row.paragraph, row.wording, row.reason), strict=True):
            _fill(cell, text)
    for width, column in zip((Cm(2.5), Cm(8), Cm(5.5)), table.columns, strict=True):
        # Word asks the cells, and other programs the column.
        column.width = width
        for cell in column.cells:
            cell.width = width
    word.add_paragraph()


def _fill(cell: _Cell, text: str) -> None:
    first, *others = text.split("\n\n")
    _say(cell.paragraphs[0], first)
    for part in others:
        _say(cell.add_paragraph(), part)


def _say(paragraph: Paragraph, text: str) -> None:
    """Puts `text` into the paragraph, from the right where its first letter is written from there."""
    run = paragraph.add_run(UNWRITABLE.sub("\ufffd", text))
    if is_rtl(text):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
