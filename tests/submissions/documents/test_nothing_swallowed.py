"""Every line of an input comes out somewhere: under an area, as a piece to be placed, or told to be the template's."""

import io
import re
from datetime import timedelta
from functools import cache

import docx
import pytest
from django.conf import settings as site
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.documents import docx_reader, parser, plain_text
from tests.docx_files import document_with, p, run
from tests.factories import make_consultation, theme
from tests.pages import fields_of, squeezed
from tests.visitor import keep_offline
from themes.intake import database_now
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
    [
        "3) Social & cultural development",
        "3. Social and cultural developement",
        "**Social, cultural development**",
        "Area 3: what libraries ask for",
        "AREA 3 – our view",
        "Domaine 3 : notre avis",
        "领域3：我们的意见",
        "مجال 3: رأينا",
    ],
)
def test_a_near_miss_is_asked_about(seeded, line):
    assert pieces(f"4. Environmental impacts\nText.\n\n{line}\nMore.", seeded) == [
        (4, True, "Text."),
        (3, False, "More."),
    ]


@pytest.mark.parametrize(
    "line",
    ["Area 3 needs more money than it has.", "Area 99: no such area", "Paragraph 3: as it stands", "In area 3: this"],
)
def test_a_sentence_on_an_area_is_none_of_its_headings(seeded, line):
    text = f"Text.\n\n{line}\n\nMore."
    assert pieces(f"4. Environmental impacts\n{text}", seeded) == [(4, True, text)]


def test_a_bold_line_is_a_heading_beside_styled_ones(seeded):
    raw = document_with(
        p(run("First.")),
        p("<w:r><w:rPr><w:b/></w:rPr><w:t>Area 4: Environmental impacts</w:t></w:r>"),
        p(run("Second.")),
    )
    parsed = parser.parse(docx_reader.read(raw), seeded)
    assert {one.number: content.text for one, content in parsed.contents.items()} == {2: "First.", 4: "Second."}


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


def test_a_consultation_of_many_areas_carries_each_piece_through_the_page(client):
    """A sure piece for each area, and as many more as are asked about."""
    now = database_now()
    many = make_consultation(
        slug="many", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), themes=40
    )
    text = "".join(f"### Unknown {n}\nAsked {n}.\n" for n in range(70))
    text += "".join(f"### {one}\nSure {one.number}.\n" for one in many.themes.all())
    checked = client.post("/many/offline/", {"pasted": text})
    fields = dict(fields_of(checked))
    unsure = [name.split("-")[1] for name, value in fields.items() if name.endswith("-sure") and not value]
    assert len(unsure) + 40 > 80
    answer = client.post("/many/offline/keep/", {**fields, **{f"place-{n}": "1" for n in unsure}})
    assert answer.status_code == 303
    page = client.get("/many/draft/").content.decode()
    assert [n for n in range(70) if f"Asked {n}." not in page] == []
    assert [n for n in range(1, 41) if f"Sure {n}." not in page] == []
