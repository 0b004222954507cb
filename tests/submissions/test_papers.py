"""Papers as files and back: what is written out comes in again, and what is nobody's text stays out."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.contents import Content, ProposedWording
from submissions.drafts import desk
from submissions.papers import docx_reading, plain, splitting, word
from submissions.papers.lines import CannotRead
from submissions.papers.paper import Paper, draft_paper, template_paper
from tests.conftest import ARABIC, CHINESE, ENGLISH, theme
from themes.cutoff import database_now

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (
    ProposedWording("59", "Replace “may” by “shall”.\nOn two lines.", "Because:\n\nit matters."),
    ProposedWording("12 bis", "", "نقترح حذفها"),
)


def read_back(raw: bytes, consultation, kind: str) -> splitting.Split:
    if kind == "docx":
        return splitting.split(docx_reading.read(raw), consultation, is_document=True)
    return splitting.split(plain.read(plain.decode(raw)), consultation, is_document=False)


def written(paper: Paper, kind: str) -> bytes:
    return word.write(paper) if kind == "docx" else plain.write(paper)


@pytest.fixture
def draft(seeded):
    made = desk.start_draft(seeded, at=database_now())
    for number, content in {
        1: Content(ENGLISH),
        5: Content(ARABIC, ROWS),
        12: Content(CHINESE),
        14: Content("", ROWS[:1]),
        101: Content("An answer\tto the question."),
    }.items():
        desk.save_content(made, theme(seeded, number), content, at=database_now())
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_a_draft_circulated_comes_back_as_it_was(draft, kind):
    split = read_back(written(draft_paper(draft), kind), draft.consultation, kind)
    assert split.unplaced == []
    assert split.contents == desk.contents_of(draft)


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_an_empty_template_holds_nobodys_text(seeded, kind):
    split = read_back(written(template_paper(seeded), kind), seeded, kind)
    assert split == splitting.Split({}, [])


def test_the_template_has_every_heading_once(seeded):
    document = docx.Document(io.BytesIO(word.write(template_paper(seeded))))
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
    made = desk.start_draft(seeded, at=database_now())
    desk.save_content(made, theme(seeded, 3), content, at=database_now())
    split = read_back(word.write(draft_paper(made)), seeded, "docx")
    assert split.contents == {theme(seeded, 3): content}
    assert split.unplaced == []


def _paragraphs(text: str) -> str:
    return "\n\n".join(part for part in text.split("\n\n") if part.strip()).strip("\n\r ")


def _clean(row: ProposedWording) -> ProposedWording:
    return ProposedWording(row.paragraph, row.wording.strip(), row.reason.strip())


# --- finding the themes --------------------------------------------------------------------------------------


def pasted(text: str, consultation) -> dict[int, str]:
    split = splitting.split(plain.read(text), consultation, is_document=False)
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
    split = splitting.split(plain.read(text), seeded, is_document=False)
    assert {one.number: content.text for one, content in split.contents.items()} == {
        4: "We care for\nDigital economy\nand more."
    }
    assert split.unplaced == ["99. What is this\nLost?"]


def test_what_stands_before_the_first_heading_is_given_back(seeded):
    split = splitting.split(
        plain.read("Dear secretariat,\n\nhere it is.\n2. Digital economy\nText."), seeded, is_document=False
    )
    assert split.unplaced == ["Dear secretariat,\n\nhere it is."]


def test_a_heading_twice_brings_both_texts_together(seeded):
    assert pasted("2. Digital economy\nOne.\n3. x\n2. Digital economy\nTwo.", seeded) == {2: "One.\n3. x\n\nTwo."}


def test_hundreds_of_unknown_headings_stay_one_page(seeded):
    text = "### 2. Digital economy\nText.\n" + "".join(f"### Unknown {n}\nText {n}.\n" for n in range(300))
    split = splitting.split(plain.read(text), seeded, is_document=False)
    assert len(split.unplaced) == splitting.MOST_UNPLACED
    assert all(f"Text {n}." in "\n".join(split.unplaced) for n in range(300))


# --- what a document may hold ---------------------------------------------------------------------------------

W = nsdecls("w")


def document_with(*paragraphs: str) -> bytes:
    """A .docx whose body is a heading and these pieces of WordprocessingML."""
    document = docx.Document()
    document.add_heading("2. Digital economy", level=2)
    for xml in paragraphs:
        document.element.body.insert(-1, parse_xml(xml))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def p(inner: str) -> str:
    return f"<w:p {W}>{inner}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


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
        (p("<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>" + run("A point")), "– A point"),
        (p("<w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr>" + run("No tab")), "No tab"),
        (f"<w:tbl {W}><w:tr><w:tc>{p(run('a'))}</w:tc><w:tc>{p(run('b'))}</w:tc></w:tr></w:tbl>", "a | b"),
    ],
)
def test_every_letter_that_a_reader_sees_is_read(seeded, xml, text):
    split = splitting.split(docx_reading.read(document_with(xml)), seeded, is_document=True)
    assert split == splitting.Split({theme(seeded, 2): Content(text)}, [])


def test_footnotes_come_along(seeded):
    raw = document_with(p(run("A claim") + '<w:r><w:footnoteReference w:id="2"/></w:r>'))
    separator, note = p(run("-")), p(run("Its source."))
    notes = f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0">{separator}</w:footnote>'
    notes += f'<w:footnote w:id="2">{note}</w:footnote></w:footnotes>'
    split = splitting.split(
        docx_reading.read(with_part(raw, "word/footnotes.xml", notes.encode())), seeded, is_document=True
    )
    assert split.contents == {theme(seeded, 2): Content("A claim[2]\n\n[2] Its source.")}


def test_each_note_is_told_once_and_endnotes_too(seeded):
    at_the_end = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    raw = document_with(p(run("One") + cites(2)), p(run("Two") + cites(2) + at_the_end))
    for kind, said in (("footnote", "Below."), ("endnote", "At the end.")):
        notes = f'<w:{kind}s {W}><w:{kind} w:id="2">{p(run(said))}</w:{kind}></w:{kind}s>'
        raw = with_part(raw, f"word/{kind}s.xml", notes.encode())
    split = splitting.split(docx_reading.read(raw), seeded, is_document=True)
    assert split.contents == {theme(seeded, 2): Content("One[2]\n\n[2] Below.\n\nTwo[2][e2]\n\n[e2] At the end.")}


def test_what_is_nested_is_read_once(seeded):
    """A table in a cell, a box in a box, each a hundred deep: no letter stands there twice."""
    table, box = p(run("in")), p(run("deep"))
    for _depth in range(40):
        table = f"<w:tbl {W}><w:tr><w:tc>{p(run('a'))}{table}</w:tc></w:tr></w:tbl>"
        box = p(f"<w:r><w:pict><w:txbxContent>{box}</w:txbxContent></w:pict></w:r>")
    split = splitting.split(docx_reading.read(document_with(table, box)), seeded, is_document=True)
    text = split.contents[theme(seeded, 2)].text
    assert (text.split().count("a"), text.split().count("in"), text.split().count("deep")) == (40, 1, 1)


def test_a_style_with_an_odd_number_is_no_heading(seeded):
    raw = document_with(p(run("Text.")))
    styles = part(raw, "word/styles.xml").replace(b'w:val="heading 2"', 'w:val="heading ²"'.encode())
    assert styles != part(raw, "word/styles.xml")
    assert docx_reading.read(with_part(raw, "word/styles.xml", styles))


def test_a_row_whose_paragraph_is_a_sentence_keeps_all_of_it(seeded):
    """It could not be stored, and the visitor could not get past it."""
    long = "Paragraphs 59 and 60, second sentence each, and the chapeau"
    text = f"### 1. Digital economy\nParagraph: {long}\nProposed wording: New\nReason: Why"
    (content,) = splitting.split(plain.read(text), seeded, is_document=False).contents.values()
    (row,) = content.proposals
    assert (len(row.paragraph), row.wording, row.reason) == (40, "New", f"{long}\n\nWhy")


def test_labels_without_end_are_read_in_one_go(seeded):
    """A hundred thousand times “Paragraph:” and “Proposed wording:”: no rows, and no text is lost."""
    said = "Paragraph:\nProposed wording:\n" * 20_000
    split = splitting.split(plain.read(f"### 1. Theme\n{said}"), seeded, is_document=False)
    whole = [*(content.text for content in split.contents.values()), *split.unplaced]
    assert "\n".join(whole).count("Proposed wording:") == 20_000
    ended = said + "Reason: x" + "\n" * 100_000 + "x"
    rows = splitting._labelled_rows(ended, splitting._known(seeded))[1]
    assert [row.reason.startswith("x") for row in rows] == [True]


def test_headings_are_known_in_a_word_of_another_language(seeded):
    """The id of a style is a word of the program's own language; its name is not."""
    raw = word.write(template_paper(seeded))
    styles = part(raw, "word/styles.xml").replace(b'w:styleId="Heading2"', b'w:styleId="berschrift2"')
    body = part(raw, "word/document.xml").replace(b'w:val="Heading2"', b'w:val="berschrift2"')
    raw = with_part(with_part(raw, "word/styles.xml", styles), "word/document.xml", body)
    lines = docx_reading.read(raw)
    assert [line.level for line in lines if getattr(line, "text", "") == "2. Digital economy"] == [2]


def part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(name)


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one part replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return file.getvalue()


# --- hostile and broken files ----------------------------------------------------------------------------------


def harmless() -> bytes:
    return document_with(p(run("x")))


def bomb() -> bytes:
    """Twelve kilobytes that unpack to twelve megabytes in one part, and say so."""
    return with_part(harmless(), "word/document.xml", b"<w:document>" + b" " * 12_000_000 + b"</w:document>")


def lying_bomb() -> bytes:
    """The same, but the archive's list says ten bytes."""
    raw = bytearray(bomb())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        true = archive.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    return bytes(raw).replace(true, (10).to_bytes(4, "little"))


def entities(definition: str, use: str) -> bytes:
    body = (
        f'<?xml version="1.0"?><!DOCTYPE d [{definition}]><w:document {W}><w:body>{p(run(use))}</w:body></w:document>'
    )
    return with_part(harmless(), "word/document.xml", body.encode())


def many_parts() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for n in range(docx_reading.MOST_PARTS + 1):
            archive.writestr(f"word/{n}.xml", b"")
    return file.getvalue()


def cites(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def notes_bomb() -> bytes:
    """A mark is short, and so many of them are still more than anybody writes; each note is told once."""
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{p(run("x" * 500_000))}</w:footnote></w:footnotes>'
    raw = document_with(p(cites(2) * 150_000), p(run("y" * 100_000)))
    return with_part(raw, "word/footnotes.xml", notes.encode())


def flipped() -> bytes:
    raw = bytearray(harmless())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        entry = archive.getinfo("word/document.xml")
    raw[entry.header_offset + 30 + len(entry.filename) + 1] ^= 0xFF
    return bytes(raw)


def packed(how: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(harmless())) as old, zipfile.ZipFile(file, "w", how) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry.filename))
    return file.getvalue()


def without_document() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return file.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
HOSTILE = {
    "a zip bomb": (bomb, "unpacks to far more"),
    "a zip bomb that lies about its size": (lying_bomb, "damaged"),
    "hundreds of parts in one": (
        lambda: with_part(harmless(), "word/media/big.bin", b"\0" * 30_000_000),
        "unpacks to far more",
    ),
    "thousands of parts": (many_parts, "unpacks to far more"),
    "macros": (lambda: with_part(harmless(), "word/vbaProject.bin", b"macro"), "macros"),
    "an external entity": (
        lambda: entities('<!ENTITY secret SYSTEM "file:///etc/passwd">', "&secret;"),
        "defines entities",
    ),
    "a billion laughs": (lambda: entities(LAUGHS, "&l11;"), "damaged"),
    "a password, or an old .doc": (lambda: docx_reading.OLD_WORD + b"\xa1\xb1\x1a\xe1" + b"\0" * 512, "old .doc"),
    "cut off in the middle": (lambda: harmless()[: len(harmless()) // 2], "damaged"),
    "a spreadsheet": (without_document, "no Word document"),
    "broken XML": (lambda: with_part(harmless(), "word/document.xml", b"<w:document"), "damaged"),
    "XML nested a million deep": (
        lambda: with_part(harmless(), "word/document.xml", b"<a>" * 1_000_000 + b"</a>" * 1_000_000),
        "damaged",
    ),
    "one long note cited again and again": (notes_bomb, "more than a million"),
    "one flipped byte in what is packed": (flipped, "damaged"),
    "packed in a way that Word does not know": (lambda: packed(zipfile.ZIP_LZMA), "damaged"),
    "no body": (lambda: with_part(harmless(), "word/document.xml", f"<w:document {W}/>".encode()), "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_files_are_refused_with_a_sentence(name):
    make, sentence = HOSTILE[name]
    with pytest.raises(CannotRead, match=sentence):
        docx_reading.read(make())


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("Grüße".encode("latin-1"), "not in UTF-8"),
        (b"MZ\x00\x01binary", "no text file"),
        (b"\xff\xfea", "not in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(raw, sentence):
    with pytest.raises(CannotRead, match=sentence):
        plain.decode(raw)


@pytest.mark.parametrize("raw", ["é\r\nü".encode("utf-16"), b"\xef\xbb\xbf\xc3\xa9\r\n\xc3\xbc", b"\xc3\xa9\n\xc3\xbc"])
def test_texts_of_old_and_new_editors(raw):
    assert plain.decode(raw) == "é\nü"
