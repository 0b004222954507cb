"""A paper as a .docx file, written by python-docx. Reading one back is docx_reading.py's business."""

import io
import re
import unicodedata

from docx import Document
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from submissions.contents import Content, ProposedWording
from submissions.papers.paper import Paper, Section, prompt_of, row_labels

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What XML 1.0 cannot hold at all; everything else is kept.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(paper: Paper) -> bytes:
    document = Document()
    document.core_properties.title = paper.title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    _set_type(document)
    _say(document.add_heading(level=1), paper.title)
    for label, value in paper.facts:
        _say(document.add_paragraph(), f"{label}: {value}")
    for remark in paper.remarks:
        _say(document.add_paragraph(style="List Bullet"), remark)
    for section in paper.sections:
        _add_section(document, section, is_form=paper.is_form)
    for sentence in paper.closing:
        _say(document.add_paragraph(), sentence)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_type(document: Docx) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(11)
    for page in document.sections:
        page.left_margin = page.right_margin = Cm(2.5)


def _add_section(document: Docx, section: Section, *, is_form: bool) -> None:
    _say(document.add_heading(level=2), section.heading)
    if is_form and (prompt := prompt_of(section.theme)):
        _say(document.add_paragraph(style="Quote"), prompt)
    # A blank line starts a paragraph; a single line's end stays one within it.
    for part in section.content.text.split("\n\n"):
        _say(document.add_paragraph(), part)
    _add_rows(document, section.content, is_form=is_form)


def _add_rows(document: Docx, content: Content, *, is_form: bool) -> None:
    rows = content.proposals or ((ProposedWording(),) if is_form else ())
    if not rows:
        return
    table: Table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, label in zip(table.rows[0].cells, row_labels(), strict=True):
        _fill(cell, label)
    for row in rows:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]
        for cell, said in zip(cells, (row.paragraph, row.wording, row.reason), strict=True):
            _fill(cell, said)
    for width, column in zip((Cm(2.5), Cm(8), Cm(5.5)), table.columns, strict=True):
        for cell in column.cells:
            cell.width = width
    document.add_paragraph()


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


def is_rtl(text: str) -> bool:
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
