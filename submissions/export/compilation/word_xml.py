"""Pieces of WordprocessingML, as the text of a document's body. What each looks like is its style's affair."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from submissions.documents.docx_writer import UNWRITABLE
from submissions.export.compilation.blocks import Chapter, Paragraph, Table, paragraphs_of
from submissions.text.direction import is_rtl as starts_from_the_right

TWIPS = 567  # a centimetre


def run(text: str) -> str:
    """A line's end is a break within it."""
    if not text:
        return ""
    right = "<w:rPr><w:rtl/></w:rPr>" if starts_from_the_right(text) else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in UNWRITABLE.sub("\ufffd", text).split("\n")
    )
    return f"<w:r>{right}{lines}</w:r>"


def field(instruction: str, shown: str = "1") -> str:
    """What Word works out when it opens the file, such as a page's number; `shown` stands there until it does."""
    code = f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    begin = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
    between, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("separate", "end"))
    return f"{begin}{code}{between}{run(shown)}{end}"


def paragraph(text: str, style: str, children: str = "") -> str:
    """One paragraph of a text, or of its runs; from the right where its first letter is written so."""
    right = "<w:bidi/>" if starts_from_the_right(text) else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{right}</w:pPr>{children or run(text)}</w:p>'


def heading(text: str, level: int, bookmark: tuple[int, str] | None = None) -> str:
    """A heading; with the number and name of a bookmark, by which the contents find it."""
    if bookmark is None:
        return paragraph(text, f"Heading{level}")
    number, name = bookmark
    begin = f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>'
    return paragraph(text, f"Heading{level}", f'{begin}{run(text)}<w:bookmarkEnd w:id="{number}"/>')


def contents_entry(chapter: Chapter) -> str:
    """A line of the contents, with the page that the chapter begins on.

    Not inside a field for the whole of them: LibreOffice would show the pages only after “update”.
    """
    page = field(f"PAGEREF {chapter.anchor} \\h", "–")
    link = f'<w:hyperlink w:anchor={quoteattr(chapter.anchor)} w:history="1">{run(chapter.title)}<w:r><w:tab/></w:r>'
    return paragraph(chapter.title, "TOC1", f"{link}{page}</w:hyperlink>")


def table_rows(
    table: Table, width: float, *, style: str = "Compiled", has_header: bool = True, is_rtl: bool = False
) -> Iterator[str]:
    """A table of `width` cm, piece by piece. Its header stands on every page that it goes on to."""
    parts = sum(table.widths)
    widths = [round(width * TWIPS * part / parts) for part in table.widths]
    right = "<w:bidiVisual/>" if is_rtl else ""
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    look = '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"/>'
    yield (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{right}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{look if has_header else ""}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )
    numbers = "TableNumber" if table.has_numbers else "TableText"
    if has_header:
        yield _row(table.header, widths, "TableHead", "TableHead", "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
    for row in table.rows:
        yield _row(row, widths, "TableText", numbers)
    # A table that nothing follows would grow into the next one.
    yield f"</w:tbl>{paragraph('', 'TableEnd')}"


def _row(cells: tuple[str, ...], widths: list[int], first: str, others: str, properties: str = "") -> str:
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_cell(text, others if place else first)}</w:tc>'
        for place, (text, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"<w:tr>{properties}{inside}</w:tr>"


def _cell(text: str, style: str) -> str:
    """A cell ends in a paragraph, an empty one too."""
    parts: list[Paragraph] = list(paragraphs_of(text)) or [Paragraph("")]
    return "".join(paragraph(part.text, style) for part in parts)
