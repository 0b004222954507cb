"""Word files as people have them, read as a reader of the document sees them."""

import io
import zipfile

import pytest

from submissions.documents import docx_reader, parser
from submissions.documents.blocks import Omission
from tests.docx_files import W, document_with, p, run, with_link, with_part
from tests.pages import squeezed
from tests.visitor import upload_offline

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def text_of(raw: bytes, consultation) -> str:
    (content,) = parser.parse(docx_reader.read(raw), consultation).contents.values()
    return content.text


def numbered(text: str, level: int = 0, list_id: int = 1) -> str:
    return p(f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr></w:pPr>{run(text)}')


NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="7">
  <w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum><w:abstractNum w:abstractNumId="8">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>
  <w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="7"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def test_numbers_bullets_and_levels_are_kept(seeded):
    points = [numbered("c"), numbered("a", 1), numbered("b", 1), numbered("x", 2), numbered("d"), numbered("again", 1)]
    bullets = [numbered(text, level, 2) for level, text in enumerate(("one", "two", "three"))]
    raw = document_with(*points, *bullets, numbered("anew", 0, 3), numbered("next", 0, 3))
    raw = with_part(raw, "word/numbering.xml", NUMBERING.encode())
    assert text_of(raw, seeded).split("\n\n") == [
        *("3. c", "  (a) a", "  (b) b", "    3.b.I x", "4. d", "  (a) again", "• one", "  ◦ two", "    – three"),
        *("1. anew", "2. next"),
    ]


def test_a_link_keeps_its_address(seeded):
    link = '<w:hyperlink r:id="rLink" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instruction = (
        '<w:r><w:instrText xml:space="preserve"> HYPERLINK "mailto:a@example.org?subject=x" </w:instrText></w:r>'
    )
    raw = document_with(
        p(run("See ") + link + run("our paper") + "</w:hyperlink>" + run(".")),
        p(link + run("example.org/paper") + "</w:hyperlink>"),
        p(field.format("begin") + instruction + field.format("separate") + run("write to us") + field.format("end")),
    )
    raw = with_link(raw, "rLink", "https://example.org/paper")
    assert text_of(raw, seeded).split("\n\n") == [
        "See our paper (https://example.org/paper).",
        "example.org/paper",
        "write to us (a@example.org)",
    ]


def test_struck_text_is_marked_and_hidden_text_left_out(seeded):
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t xml:space='preserve'>{}</w:t></w:r>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>"
    raw = document_with(
        p(run("States ") + struck.format("should ") + struck.format("may ") + run("shall act.") + hidden)
    )
    read = docx_reader.read(raw)
    assert text_of(raw, seeded) == "States ~~should may~~ shall act."
    assert {one.what for one in read.omitted} == {Omission.STRUCK, Omission.HIDDEN}


def test_a_deleted_end_of_a_paragraph_joins_two(seeded):
    end = '<w:pPr><w:rPr><w:del w:id="1" w:author="A"/></w:rPr></w:pPr>'
    raw = document_with(p(end + run("pri")), p(run("vacy matters.")), p(end + run("last")))
    assert text_of(raw, seeded) == "privacy matters.\n\nlast"
    assert [one.what for one in docx_reader.read(raw).omitted] == [Omission.CHANGE]


def test_a_row_that_was_deleted_is_left_out(seeded):
    rows = f"<w:tr><w:tc>{p(run('stays'))}</w:tc></w:tr>"
    rows += f'<w:tr><w:trPr><w:del w:id="1" w:author="A"/></w:trPr><w:tc>{p(run("gone"))}</w:tc></w:tr>'
    assert text_of(document_with(f"<w:tbl {W}>{rows}</w:tbl>"), seeded) == "stays"


def test_what_a_text_cannot_show_is_named(client, seeded):
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    raw = document_with(
        p(run("Figure 1") + "<w:r><w:drawing/></w:r><w:r><w:drawing/></w:r>"),
        p(run("Energy ") + f"<m:oMath {math}><m:r><m:t>E=mc²</m:t></m:r></m:oMath>"),
        p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Webdings" w:char="F04E"/></w:r>'),
        p(run("Noted") + '<w:r><w:commentReference w:id="1"/></w:r>'),
    )
    header = f"<w:hdr {W}>{p(run('Draft of 1 June'))}</w:hdr>".encode()
    raw = with_part(raw, "word/header1.xml", header)
    page = squeezed(upload_offline(client, raw))
    for sentence in (
        "Pictures or drawings left out: 2. First beside “Figure 1”.",
        "Equations read as plain letters, to be checked: 1. First beside “Energy E=mc²”.",
        "Special signs that could not be read, with � in their place: 1. First beside “✓�”.",
        "Comments in the margin left out: 1. First beside “Noted”.",
        "The header and footer of the pages were left out. First beside “Draft of 1 June”.",
    ):
        assert sentence in page


@pytest.mark.parametrize("strict", [False, True])
def test_parts_are_found_by_their_relationships(seeded, strict):
    """As Word's strict variant and other programs write them: other names, other namespaces."""
    usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    space = "http://purl.oclc.org/ooxml/wordprocessingml/main" if strict else usual
    office = (
        "http://purl.oclc.org/ooxml/officeDocument"
        if strict
        else "http://schemas.openxmlformats.org/officeDocument/2006"
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"

    def relations(*pairs: tuple[str, str]) -> str:
        each = (
            f'<Relationship Id="r{n}" Type="{office}/relationships/{kind}" Target="{to}"/>'
            for n, (kind, to) in enumerate(pairs)
        )
        return f'<Relationships xmlns="{package}">{"".join(each)}</Relationships>'

    heading = '<w:p><w:pPr><w:pStyle w:val="a3"/></w:pPr><w:r><w:t>2. Digital economy</w:t></w:r></w:p>'
    body = (
        f'<w:document xmlns:w="{space}"><w:body>{heading}<w:p><w:r><w:t>Text.</w:t></w:r></w:p></w:body></w:document>'
    )
    styles = f'<w:styles xmlns:w="{space}"><w:style w:styleId="base"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    styles += '<w:style w:styleId="a3"><w:name w:val="Überschrift"/><w:basedOn w:val="base"/></w:style></w:styles>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("_rels/.rels", relations(("officeDocument", "/office/main.xml")))
        archive.writestr("office/main.xml", body)
        archive.writestr("office/_rels/main.xml.rels", relations(("styles", "looks/all.xml")))
        archive.writestr("office/looks/all.xml", styles)
    read = docx_reader.read(file.getvalue())
    assert [(line.text, line.level) for line in read.blocks] == [("2. Digital economy", 2), ("Text.", None)]
