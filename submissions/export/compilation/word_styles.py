"""The styles of a compilation's Word file. Whoever wants another look changes these, in Word, and nothing else."""

from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle

INK, QUIET = RGBColor(0x1A, 0x3A, 0x5C), RGBColor(0x50, 0x58, 0x62)


@dataclass(frozen=True)
class _Page:
    """A4, and how wide what stands on it is: upright, and on its side. In cm where it is no length of python-docx."""

    width: Length
    height: Length
    margin: Length
    text_width: float
    wide_text_width: float


PAGE = _Page(Cm(21), Cm(29.7), Cm(2.2), 21 - 2 * 2.2, 29.7 - 2 * 2.2)


def add_styles(document: WordDocument) -> None:
    _change(document, "Normal", size=10.5, after=0)
    _change(document, "Title", size=26, before=120, after=6)
    _change(document, "Subtitle", size=14, after=24, colour=QUIET)
    for level, size, before, after in ((1, 18, 0, 10), (2, 13, 18, 4), (3, 10.5, 12, 2)):
        _change(document, f"Heading {level}", size=size, before=before, after=after)
    _change(document, "Body Text", after=6)
    _change(document, "Quote", before=6, after=2, indent=0.6)
    _change(document, "Header", size=8.5, colour=QUIET)
    _change(document, "Footer", size=8.5, colour=QUIET)
    contents = _add(document, "Contents Heading", size=14, before=18, after=6, colour=INK)
    contents.font.bold = contents.paragraph_format.page_break_before = True
    line = _add(document, "toc 1", after=3)
    line.element.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}styleId", "TOC1")
    line.paragraph_format.tab_stops.add_tab_stop(Cm(PAGE.text_width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    line.paragraph_format.right_indent = Cm(1)
    _add(document, "Question", after=6, indent=0.6).font.italic = True
    _add(document, "Remark", size=9, after=4, colour=QUIET)
    _add(document, "List Point", after=3, indent=0.9, hanging=0.5)
    _add(document, "Footnote Text", size=9, after=3, indent=0.6, hanging=0.6)
    _add(document, "Table Text", size=9, before=1, after=1)
    _add(document, "Table Number", size=9, before=1, after=1).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _add(document, "Table Head", size=8.5, before=1, after=1).font.bold = True
    _add(document, "Table End", size=4)
    _add_table_style(document, "Compiled", border="single")
    _add_table_style(document, "Facts", border="none")


def _change(document: WordDocument, name: str, **look: object) -> ParagraphStyle:
    return _shape(document.styles[name], **look)  # type: ignore[arg-type]


def _add(document: WordDocument, name: str, **look: object) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    return _shape(style, **look)  # type: ignore[arg-type]


def _shape(
    style: ParagraphStyle,
    *,
    size: float | None = None,
    before: float | None = None,
    after: float | None = None,
    indent: float = 0,
    hanging: float = 0,
    colour: RGBColor | None = None,
) -> ParagraphStyle:
    """Sizes and distances in points, indents in cm."""
    if size is not None:
        style.font.size = Pt(size)
    form = style.paragraph_format
    form.space_before = None if before is None else Pt(before)
    form.space_after = None if after is None else Pt(after)
    if indent:
        form.left_indent, form.first_line_indent = Cm(indent), Cm(-hanging)
    if style.name is not None and style.name.startswith(("Heading", "Title")):
        colour = INK
    if colour is not None:
        style.font.color.rgb = colour
    return style


def _add_table_style(document: WordDocument, name: str, *, border: str) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.TABLE)
    sides = "".join(
        f'<w:{side} w:val="{border}" w:sz="4" w:space="0" w:color="9AA5B1"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(f'<w:{side} w:w="80" w:type="dxa"/>' for side in ("left", "right"))
    style.element.append(
        parse_xml(
            f"<w:tblPr {nsdecls('w')}><w:tblBorders>{sides}</w:tblBorders>"
            f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        )
    )
    if border != "none":
        fill = '<w:shd w:val="clear" w:color="auto" w:fill="E8EDF3"/>'
        style.element.append(
            parse_xml(f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:tcPr>{fill}</w:tcPr></w:tblStylePr>')
        )
