"""Every line of an input comes out somewhere: under an area, as a piece to be placed, or told to be the template's."""

import io
import re
from functools import cache

import docx
import pytest
from django.conf import settings as site
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.documents import docx_reader, parser, plain_text
from submissions.documents.blocks import Omission
from tests.docx_files import W, document_with, p, run, with_link, with_part
from tests.factories import theme
from tests.pages import fields_of, squeezed
from tests.visitor import keep_offline, upload_offline
from themes.models import Theme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

HOME = "/elements-paper/"


def said_by(parsed: parser.ParsedDocument) -> str:
    """Everything that the page shows of a file."""
    parts = [text for piece in parsed.pieces for text in (piece.heading, *piece.content.parts())]
    return "\n".join([*parts, *parsed.ours])


def titles() -> list[str]:
    found = []
    for code, _name in site.LANGUAGES:
        with translation.override(code):
            found += [str(one) for one in Theme.objects.all()] + [one.title for one in Theme.objects.all()]
    return found


MARKS = [
    "",
    "### ",
    "- ",
    "• ",
    "* ",
    "1. ",
    "3) ",
    "(a) ",
    "**",
    "> ",
    "\t",
    "Area 5: ",
    "領域 ",
    "Область 2. ",
    "المجال 4: ",
]
WORDS = [
    *("AI", "Data governance", "Dear secretariat,", "Paragraph: 59", "Proposed wording: New", "Reason: Because"),
    *("Organisation: Ours", "State: Draft", "=====", "人工智能", "الذكاء الاصطناعي", "59", "x" * 400, "…", ""),
]


@pytest.fixture
def lines(seeded, monkeypatch):
    """Of titles, near titles and other words. What the template says is looked up once, and not for each example."""
    known = parser._known(seeded)
    monkeypatch.setattr(parser, "_known", lambda consultation: known)
    return a_line(titles())


@st.composite
def a_line(draw, titles: list[str]) -> str:
    title = st.sampled_from(titles)
    near = title.map(lambda text: text.replace("and", "&")) | title.map(lambda text: text[: len(text) * 3 // 4])
    words = st.sampled_from(WORDS) | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)
    return draw(st.sampled_from(MARKS)) + draw(title | near | words) + draw(st.sampled_from(["", ":", "**", "  "]))


def lost(lines: list[str], parsed: parser.ParsedDocument) -> list[str]:
    """Those whose words stand nowhere; labels of rows are the template's own, and so are their colons."""
    label = _label()
    everything = "".join(said_by(parsed).split())
    return [line for line in lines if "".join(label.sub("", line).removeprefix("### ").split()) not in everything]


@cache
def _label() -> re.Pattern[str]:
    labels = [label for code in dict(site.LANGUAGES) for label in _labels(code)]
    return re.compile(rf"^\s*(?:{'|'.join(map(re.escape, labels))})\s?[:：]")


def _labels(code: str) -> tuple[str, ...]:
    with translation.override(code):
        return parser.row_labels()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_every_line_of_a_text(seeded, lines, data):
    drawn = data.draw(st.lists(lines, max_size=30))
    parsed = parser.parse(plain_text.read("\n".join(drawn)), seeded)
    assert lost(drawn, parsed) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_every_paragraph_of_a_document(seeded, lines, data):
    document = docx.Document()
    styles = st.sampled_from(
        ["Normal", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "Title", "Quote"]
    )
    drawn = data.draw(st.lists(st.tuples(lines, styles, st.booleans()), max_size=12))
    for text, style, is_bold in drawn:
        document.add_paragraph(style=style).add_run(text).bold = is_bold
    if data.draw(st.booleans()):
        table = document.add_table(rows=2, cols=4)
        for n, cell in enumerate(cell for row in table.rows for cell in row.cells):
            cell.text = f"cell {n}"
        drawn += [(f"cell {n}", "", False) for n in range(8)]
    file = io.BytesIO()
    document.save(file)
    parsed = parser.parse(docx_reader.read(file.getvalue()), seeded)
    assert lost([text for text, _style, _bold in drawn], parsed) == []


def test_the_page_shows_what_the_parser_found(client, seeded):
    text = "Dear all,\n\n4. Environmental impacts\nOur text.\n- AI\n- Data governance\n\n"
    text += "3) Social & cultural development\nMore."
    page = squeezed(client.post(f"{HOME}offline/", {"pasted": text}))
    for line in filter(None, text.replace("&", "&amp;").split("\n")):
        assert line in page
    assert "This may be the heading of “3. Social and cultural development”" in page


# --- What is a heading -------------------------------------------------------------------------------------------


def pieces(text: str, consultation) -> list[tuple[int | None, bool, str]]:
    parsed = parser.parse(plain_text.read(text), consultation)
    return [(one.theme.number if one.theme else None, one.is_sure, one.content.text) for one in parsed.pieces]


def test_points_of_a_list_are_no_headings(seeded):
    text = "4. Environmental impacts\nWe work on:\n- AI\n• Data governance\n* Digital economy\nand more."
    assert pieces(text, seeded) == [(4, True, "We work on:\n- AI\n• Data governance\n* Digital economy\nand more.")]


def test_titles_one_after_the_other_are_a_list(seeded):
    text = "4. Environmental impacts\nWe work on:\n\nAI\nData governance\nDigital economy\n\nand more."
    assert pieces(text, seeded) == [(4, True, "We work on:\n\nAI\nData governance\nDigital economy\n\nand more.")]


def test_a_word_before_the_number_is_understood(seeded):
    assert pieces("Area 4: Environmental impacts\nText.\n\nArea 2 – Digital economy\nMore.", seeded) == [
        (4, True, "Text."),
        (2, True, "More."),
    ]


@pytest.mark.parametrize(
    "line",
    ["3) Social & cultural development", "3. Social and cultural developement", "**Social, cultural development**"],
)
def test_a_near_miss_is_asked_about(seeded, line):
    assert pieces(f"4. Environmental impacts\nText.\n\n{line}\nMore.", seeded) == [
        (4, True, "Text."),
        (3, False, "More."),
    ]


def test_a_bold_line_is_a_heading_beside_styled_ones(seeded):
    raw = document_with(
        p(run("First.")),
        p("<w:r><w:rPr><w:b/></w:rPr><w:t>Area 4: Environmental impacts</w:t></w:r>"),
        p(run("Second.")),
    )
    parsed = parser.parse(docx_reader.read(raw), seeded)
    assert {one.number: content.text for one, content in parsed.contents.items()} == {2: "First.", 4: "Second."}


# --- Word files as people have them ------------------------------------------------------------------------------


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
    import zipfile

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


# --- What is asked -----------------------------------------------------------------------------------------------


def test_a_part_without_a_place_is_asked_for_and_nothing_is_kept(client, seeded):
    checked = client.post(f"{HOME}offline/", {"pasted": "Dear all,\n\n4. Environmental impacts\nOurs."})
    refused = keep_offline(client, fields_of(checked))
    page = squeezed(refused)
    assert refused.status_code == 422
    assert 'href="#place-1"> Say where part 1 belongs.</a>' in page
    assert "<title> Error:" in page
    assert client.get(f"{HOME}draft/").content.decode().count("Ours.") == 0
    kept = keep_offline(client, fields_of(refused), **{"place-1": "none"})
    assert kept.status_code == 303
    assert "Ours." in client.get(f"{HOME}draft/").content.decode()


def test_any_part_can_be_moved_with_its_heading(client, seeded):
    checked = client.post(f"{HOME}offline/", {"pasted": "4. Environmental impacts\nOurs."})
    keep_offline(client, fields_of(checked), **{"place-1": "9"})
    parsed = parser.parse(plain_text.read("4. Environmental impacts\nOurs."), seeded)
    assert parsed.pieces[0].content_under(theme(seeded, 9)).text == "4. Environmental impacts\n\nOurs."
    page = client.get(f"{HOME}themes/9/").content.decode()
    assert "4. Environmental impacts\n\nOurs.</textarea>" in page


def test_nothing_that_takes_a_text_away_is_chosen_beforehand(client, seeded):
    client.post(f"{HOME}themes/4/", {"text": "On the draft.", "version": "0"})
    checked = client.post(f"{HOME}offline/", {"pasted": "4. Environmental impacts\nOf the file."})
    assert not [name for name, _value in fields_of(checked) if name.startswith("choice-")]
    refused = keep_offline(client, fields_of(checked))
    assert refused.status_code == 422
    assert 'href="#choice-4"' in refused.content.decode()
    longer = client.post(f"{HOME}offline/", {"pasted": "4. Environmental impacts\nOn the draft. And more."})
    assert ("choice-4", "replace") in fields_of(longer)
