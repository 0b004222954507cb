"""A compilation as a Word file: title page, contents, running heads, page numbers; every look is a style's.

python-docx keeps a whole document in memory, some fifty times the text. So it makes the frame, with styles, sections,
heads and feet, and a mark in the place of each chapter, which is then written into the zip block by block.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section

from submissions.documents.docx_writer import new_document
from submissions.export.compilation.blocks import Chapter, Heading, Table, TitlePage
from submissions.export.compilation.word_styles import PAGE, add_styles
from submissions.export.compilation.word_xml import (
    contents_entry,
    field,
    heading,
    paragraph,
    run,
    table_rows,
)
from submissions.export.sink import Sink

BODY = "word/document.xml"
MARK = "A-PART-STANDS-HERE-"


def write_word(title_page: TitlePage, chapters: list[Chapter], sink: Sink) -> None:
    with (
        zipfile.ZipFile(io.BytesIO(_frame(title_page, chapters))) as frame,
        zipfile.ZipFile(cast(BinaryIO, sink), "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        body = frame.read(BODY).decode()
        for entry in frame.infolist():
            if entry.filename != BODY:
                archive.writestr(entry, frame.read(entry), zipfile.ZIP_DEFLATED)
        entry = zipfile.ZipInfo(BODY)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=True) as file:
            parts = [_front(title_page, chapters), *(_chapter(n, one) for n, one in enumerate(chapters, 1))]
            for place, part in enumerate(parts):
                before, body = _split_at(body, f"{MARK}{place}.")
                file.write(before.encode())
                for piece in part:
                    file.write(piece.encode())
            file.write(body.encode())


def _split_at(body: str, mark: str) -> tuple[str, str]:
    """What stands before and after the paragraph that holds a mark."""
    start = body.rindex("<w:p>", 0, body.index(mark))
    return body[:start], body[body.index("</w:p>", start) + len("</w:p>") :]


def _frame(front: TitlePage, chapters: list[Chapter]) -> bytes:
    document = new_document(front.title)
    add_styles(document)
    first = document.sections[0]
    _set_up(first, is_wide=False)
    first.different_first_page_header_footer = True
    _foot(first, front)
    document.add_paragraph(f"{MARK}0.")
    for number, chapter in enumerate(chapters, 1):
        _begin_section(document, front, chapter)
        document.add_paragraph(f"{MARK}{number}.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _begin_section(document: WordDocument, front: TitlePage, chapter: Chapter) -> None:
    """On a page of its own, with what it is about at its head."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    # What ends a section is a paragraph of its own, and should take no line.
    document.paragraphs[-1].style = document.styles["Table End"]
    _set_up(section, is_wide=chapter.is_wide)
    section.different_first_page_header_footer = False
    section.header.is_linked_to_previous = False
    section.header.paragraphs[0].text = f"{front.title} · {chapter.title}"


def _set_up(section: Section, *, is_wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    sides = (PAGE.height, PAGE.width) if is_wide else (PAGE.width, PAGE.height)
    section.page_width, section.page_height = sides
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = PAGE.margin


def _foot(section: Section, front: TitlePage) -> None:
    """The number of the page on every page but the first."""
    section.first_page_footer.is_linked_to_previous = False
    foot = section.footer.paragraphs[0]
    before, between, after = (_("Page %(n)s of %(all)s") % {"n": "\0", "all": "\1"}).replace("\1", "\0").split("\0")
    runs = [run(before), field("PAGE"), run(between), field("NUMPAGES"), run(f"{after} · {front.subtitle}")]
    for element in parse_xml(f"<w:p {nsdecls('w')}>{''.join(runs)}</w:p>"):
        foot._p.append(element)


def _front(front: TitlePage, chapters: list[Chapter]) -> Iterator[str]:
    yield paragraph(front.title, "Title")
    yield paragraph(front.subtitle, "Subtitle")
    yield from table_rows(Table(("", ""), front.facts, (2, 5)), PAGE.text_width, style="Facts", has_header=False)
    yield from (paragraph(remark, "Remark") for remark in front.remarks)
    for table in front.tables:
        yield from table_rows(table, PAGE.text_width)
    yield paragraph(_("Contents"), "ContentsHeading")
    yield from map(contents_entry, chapters)


def _chapter(number: int, chapter: Chapter) -> Iterator[str]:
    width = PAGE.wide_text_width if chapter.is_wide else PAGE.text_width
    yield heading(chapter.title, 1, bookmark=(number, chapter.anchor))
    for block in chapter.blocks:
        if isinstance(block, Table):
            yield from table_rows(block, width, is_rtl=get_language_bidi())
        elif isinstance(block, Heading):
            yield heading(block.text, block.level)
        else:
            yield paragraph(block.text, block.style.replace(" ", ""))
