"""Papers as files and back: what is written out comes in again, and what is nobody's text stays out."""

import io
import zipfile

import docx
import pytest
from django.conf import settings as site
from django.utils import translation
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.documents import docx_reader, docx_writer, parser, plain_text
from submissions.documents.document import Document, draft_document, template_document
from submissions.drafts import saving
from submissions.drafts.contents import contents_of
from submissions.text.content import Content, ProposedWording
from tests.docx_files import W, cites, document_with, p, run, with_part
from tests.factories import ARABIC, CHINESE, ENGLISH, theme
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROWS = (
    ProposedWording("59", "Replace “may” by “shall”.\nOn two lines.", "Because:\n\nit matters."),
    ProposedWording("12 bis", "", "نقترح حذفها"),
)


def read_back(raw: bytes, consultation, kind: str) -> parser.ParsedDocument:
    if kind == "docx":
        return parser.parse(docx_reader.read(raw), consultation)
    return parser.parse(plain_text.read(plain_text.decode(raw)), consultation)


def written(paper: Document, kind: str) -> bytes:
    return docx_writer.write(paper) if kind == "docx" else plain_text.write(paper)


@pytest.fixture
def draft(seeded):
    built = saving.start_draft(seeded, at=database_now())
    for number, content in {
        1: Content(ENGLISH),
        5: Content(ARABIC, ROWS),
        12: Content(CHINESE),
        14: Content("", ROWS[:1]),
        101: Content("An answer\tto the question."),
    }.items():
        saving.save_content(built, theme(seeded, number), content, at=database_now())
    built.refresh_from_db()
    return built


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_a_draft_circulated_comes_back_as_it_was(draft, kind):
    split = read_back(written(draft_document(draft), kind), draft.consultation, kind)
    assert split.unplaced == []
    assert split.contents == contents_of(draft)


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_an_empty_template_holds_nobodys_text(seeded, kind):
    split = read_back(written(template_document(seeded), kind), seeded, kind)
    assert split.pieces == []
    assert set(map(str, seeded.themes.all())) <= set(split.ours)


def test_the_template_has_every_heading_once(seeded):
    document = docx.Document(io.BytesIO(docx_writer.write(template_document(seeded))))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert headings == [str(one) for one in seeded.themes.all()]
    assert len(headings) == 16


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=60)
LINES = st.lists(TEXT, min_size=1, max_size=4).map(lambda lines: "\n".join(line.strip() for line in lines).strip())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=LINES, wording=LINES)
def test_any_text_comes_back(seeded, text, wording):
    """Whatever is written by whoever: one blank line between paragraphs, as everybody writes them."""
    content = Content(
        text.replace("\n", "\n\n"), (ProposedWording("7", wording.replace("\n", "\n\n"), ""),)
    ).normalised()
    content = Content(_paragraphs(content.text), tuple(_clean(row) for row in content.proposals))
    if content.is_empty:
        return
    built = saving.start_draft(seeded, at=database_now())
    saving.save_content(built, theme(seeded, 3), content, at=database_now())
    split = read_back(docx_writer.write(draft_document(built)), seeded, "docx")
    assert split.contents == {theme(seeded, 3): content}
    assert split.unplaced == []


def _paragraphs(text: str) -> str:
    return "\n\n".join(part for part in text.split("\n\n") if part.strip()).strip("\n\r ")


def _clean(row: ProposedWording) -> ProposedWording:
    return ProposedWording(row.paragraph, row.wording.strip(), row.reason.strip())


# --- finding the themes --------------------------------------------------------------------------------------


def pasted(text: str, consultation) -> dict[int, str]:
    split = parser.parse(plain_text.read(text), consultation)
    return {one.number: content.text for one, content in split.contents.items()}


@pytest.mark.parametrize(
    "heading",
    [
        "4. Environmental impacts",
        "Environmental impacts",
        "ENVIRONMENTAL IMPACTS:",
        "  4) Environmental impacts ",
        "٤. Environmental impacts",
        "**4. Environmental impacts**",
        "9. Environmental impacts",
    ],
)
def test_a_heading_is_known_however_it_is_typed(seeded, heading):
    assert seeded.themes.get(number=4).title == "Environmental impacts"
    assert pasted(f"{heading}\nA text.\n\nMore.", seeded) == {4: "A text.\n\nMore."}


def test_where_headings_are_marked_a_title_in_the_text_is_text(seeded):
    text = "### 4. Environmental impacts\nWe care for\nDigital economy\nand more.\n### 99. What is this\nLost?"
    split = parser.parse(plain_text.read(text), seeded)
    assert {one.number: content.text for one, content in split.contents.items()} == {
        4: "We care for\nDigital economy\nand more."
    }
    assert split.unplaced == ["99. What is this\n\nLost?"]


def test_what_stands_before_the_first_heading_is_given_back(seeded):
    split = parser.parse(plain_text.read("Dear secretariat,\n\nhere it is.\n2. Digital economy\nText."), seeded)
    assert split.unplaced == ["Dear secretariat,\n\nhere it is."]


def test_a_heading_twice_brings_both_texts_together(seeded):
    assert pasted("2. Digital economy\nOne.\n3. x\n2. Digital economy\nTwo.", seeded) == {2: "One.\n3. x\n\nTwo."}


def test_hundreds_of_unknown_headings_stay_one_page(seeded):
    text = "### 2. Digital economy\nText.\n" + "".join(f"### Unknown {n}\nText {n}.\n" for n in range(300))
    split = parser.parse(plain_text.read(text), seeded)
    assert len(split.unplaced) == parser.MAX_PIECES - 2
    assert all(f"Text {n}." in "\n".join(split.unplaced) for n in range(300))


# --- what a document may hold ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (
            p(run("We ") + f'<w:ins w:id="1" w:author="A">{run("strongly ")}</w:ins>' + run("agree.")),
            "We strongly agree.",
        ),
        (p(run("Keep") + '<w:del w:id="2" w:author="A"><w:r><w:delText> gone</w:delText></w:r></w:del>'), "Keep"),
        (
            p(
                f'<w:moveFrom w:id="3" w:author="A">{run("old ")}</w:moveFrom>'
                f'<w:moveTo w:id="4" w:author="A">{run("new")}</w:moveTo>'
            ),
            "new",
        ),
        (f"<w:sdt {W}><w:sdtContent>{p(run('In a content control.'))}</w:sdtContent></w:sdt>", "In a content control."),
        (p(f"<w:sdt><w:sdtContent>{run('inline')}</w:sdtContent></w:sdt>" + run(" control")), "inline control"),
        (p(f'<w:hyperlink w:anchor="x">{run("a link")}</w:hyperlink>'), "a link"),
        (p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/></w:r>"), "a\tb\nc\u2011"),
        (p("<w:r><w:pict><w:txbxContent>" + p(run("In a box.")) + "</w:txbxContent></w:pict></w:r>"), "In a box."),
        (p("<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>" + run("A point")), "• A point"),
        (p("<w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr>" + run("No tab")), "No tab"),
        (f"<w:tbl {W}><w:tr><w:tc>{p(run('a'))}</w:tc><w:tc>{p(run('b'))}</w:tc></w:tr></w:tbl>", "a | b"),
    ],
)
def test_every_letter_that_a_reader_sees_is_read(seeded, xml, text):
    split = parser.parse(docx_reader.read(document_with(xml)), seeded)
    assert split.contents == {theme(seeded, 2): Content(text)}
    assert split.unplaced == []


def test_footnotes_come_along(seeded):
    raw = document_with(p(run("A claim") + '<w:r><w:footnoteReference w:id="2"/></w:r>'))
    separator, note = p(run("-")), p(run("Its source."))
    notes = f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0">{separator}</w:footnote>'
    notes += f'<w:footnote w:id="2">{note}</w:footnote></w:footnotes>'
    split = parser.parse(docx_reader.read(with_part(raw, "word/footnotes.xml", notes.encode())), seeded)
    assert split.contents == {theme(seeded, 2): Content("A claim[1]\n\n[1] Its source.")}


def test_each_note_is_told_once_and_endnotes_too(seeded):
    at_the_end = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    raw = document_with(p(run("One") + cites(2)), p(run("Two") + cites(2) + at_the_end))
    for kind, value in (("footnote", "Below."), ("endnote", "At the end.")):
        notes = f'<w:{kind}s {W}><w:{kind} w:id="2">{p(run(value))}</w:{kind}></w:{kind}s>'
        raw = with_part(raw, f"word/{kind}s.xml", notes.encode())
    split = parser.parse(docx_reader.read(raw), seeded)
    assert split.contents == {theme(seeded, 2): Content("One[1]\n\n[1] Below.\n\nTwo[1][i]\n\n[i] At the end.")}


HEADED = "<w:pPr><w:pStyle w:val='Heading2'/></w:pPr>"
LISTED = "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>"


def test_a_headed_box_beside_a_text_does_not_tear_it_apart(seeded):
    box = p(f"<w:r><w:pict><w:txbxContent>{p(HEADED + run('Digital economy'))}</w:txbxContent></w:pict></w:r>")
    raw = document_with(p(HEADED + run("4. Environmental impacts")), p(run("Before.")), box, p(run("After.")))
    split = parser.parse(docx_reader.read(raw), seeded)
    assert split.contents[theme(seeded, 4)].text == "Before.\n\nDigital economy\n\nAfter."
    assert split.unplaced == []


def test_a_note_on_a_heading_hides_no_heading(seeded):
    raw = document_with(p(HEADED + run("4. Environmental impacts") + cites(2)), p(run("Text.")))
    note = f'<w:footnotes {W}><w:footnote w:id="2">{p(run("Said."))}</w:footnote></w:footnotes>'
    raw = with_part(raw, "word/footnotes.xml", note.encode())
    split = parser.parse(docx_reader.read(raw), seeded)
    assert split.contents[theme(seeded, 4)].text == "[1] Said.\n\nText."


def test_a_bullet_in_a_cell_is_read_as_a_reader_sees_it(seeded):
    cells = "".join(f"<w:tc>{p(LISTED + run(text))}</w:tc>" for text in ("59", "The text"))
    raw = document_with(f"<w:tbl {W}><w:tr>{cells}</w:tr></w:tbl>")
    (content,) = parser.parse(docx_reader.read(raw), seeded).contents.values()
    assert content.text == "• 59 | • The text"


def test_a_style_with_an_odd_number_is_no_heading(seeded):
    raw = document_with(p(run("Text.")))
    styles = part(raw, "word/styles.xml").replace(b'w:val="heading 2"', 'w:val="heading ²"'.encode())
    assert styles != part(raw, "word/styles.xml")
    assert docx_reader.read(with_part(raw, "word/styles.xml", styles))


def test_a_row_whose_paragraph_is_a_sentence_keeps_all_of_it(seeded):
    """It could not be stored, and the visitor could not get past it."""
    long = "Paragraphs 59 and 60, second sentence each, and the chapeau"
    text = f"### 1. Digital economy\nParagraph: {long}\nProposed wording: New\nReason: Why"
    (content,) = parser.parse(plain_text.read(text), seeded).contents.values()
    (row,) = content.proposals
    assert (len(row.paragraph), row.wording, row.reason) == (40, "New", f"{long}\n\nWhy")


def test_headings_are_known_in_a_word_of_another_language(seeded):
    """The id of a style is a word of the program's own language; its name is not."""
    raw = docx_writer.write(template_document(seeded))
    styles = part(raw, "word/styles.xml").replace(b'w:styleId="Heading2"', b'w:styleId="berschrift2"')
    body = part(raw, "word/document.xml").replace(b'w:val="Heading2"', b'w:val="berschrift2"')
    raw = with_part(with_part(raw, "word/styles.xml", styles), "word/document.xml", body)
    lines = docx_reader.read(raw).blocks
    assert [line.level for line in lines if getattr(line, "text", "") == "2. Digital economy"] == [2]


def part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(name)


# --- hostile and broken files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [code for code, _name in site.LANGUAGES])
def test_a_plain_text_is_read_back_with_the_colon_of_each_language(draft, language):
    """And with the plain colon, which every language had before each was given its own."""
    with translation.override(language):
        text = plain_text.decode(plain_text.write(draft_document(draft)))
    for variant in (text, text.replace("\u00a0:", ":").replace("：", ":")):
        split = read_back(variant.encode(), draft.consultation, "txt")
        assert split.unplaced == []
        assert split.contents == contents_of(draft)


def test_tables_of_an_arabic_document_begin_on_the_right(draft):
    def tables(language: str) -> list[bool]:
        with translation.override(language):
            word = docx.Document(io.BytesIO(docx_writer.write(draft_document(draft))))
        return [table._tblPr.find(qn("w:bidiVisual")) is not None for table in word.tables]

    assert set(tables("ar")) == {True}
    assert set(tables("fr")) == {False}


def test_a_document_is_of_today_and_of_no_other_program(draft):
    with zipfile.ZipFile(io.BytesIO(docx_writer.write(draft_document(draft)))) as parts:
        core, application = parts.read("docProps/core.xml").decode(), parts.read("docProps/app.xml").decode()
    assert "2013" not in core
    assert f"{database_now():%Y-%m-%d}" in core
    assert "<Application>WSIS+20 consultation</Application>" in application
