"""What the workspace did with a submission, in exports: columns for its own audience, and what is left out."""

import io

import openpyxl
import pytest
from docx import Document

from submissions.models import Flag, Note, Review, Submission, Tag
from submissions.review import reviewing
from submissions.review.reviewing import Decision
from tests.export_files import build_table
from tests.export_page import ask, post, rows
from tests.factories import send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NAMES = ["review", "set_aside_because", "tags", "flags", "assigned_to"]
TABLES = ["contributions", "submissions", "proposals", "stakeholders", "passages"]


@pytest.fixture
def sent(consultation, admin_user) -> dict[str, Submission]:
    """One that was read and tagged, one that was set aside, one that nobody has looked at."""
    found = {name: send(consultation, {1: f"Text {name}."}, organisation=name).submission for name in ("a", "b", "c")}
    tags = Tag.objects.bulk_create(Tag(consultation=consultation, name=name) for name in ("=Gender", "Access"))
    note = Decision(Review.State.IN_REVIEW, admin_user, "", tags, "Asks for figures.")
    reviewing.save_review(found["a"], note, by=admin_user, version=0)
    aside = Decision(Review.State.SET_ASIDE, None, "An advertisement.", [], "")
    reviewing.save_review(found["b"], aside, by=admin_user, version=0)
    Flag.objects.create(consultation=consultation, reference=found["a"].reference, kind=Flag.Kind.SHORT)
    Flag.objects.create(consultation=consultation, reference=found["a"].reference, kind=Flag.Kind.ALIKE)
    return found


@pytest.mark.parametrize("layout", ["contributions", "submissions", "stakeholders"])
@pytest.mark.parametrize("audience", ["workspace", "full"])
def test_what_each_says(admin_client, sent, layout, audience):
    by_name = {row["organisation"]: row for row in rows(ask(admin_client, layout=layout, audience=audience))}
    assert {name: [row[column] for column in NAMES] for name, row in by_name.items()} == {
        "a": ["In review", "", "'=Gender; Access", "Near-identical text; Very short", "admin"],
        "b": ["Set aside", "An advertisement.", "", "", ""],
        "c": ["New", "", "", "", ""],
    }
    assert "notes" not in by_name["a"]


def test_notes_on_demand(admin_client, sent):
    found = {row["organisation"]: row["notes"] for row in rows(ask(admin_client, with_notes="on"))}
    note = Note.objects.get()
    assert found == {"a": f"{note.written_at:%Y-%m-%dT%H:%M:%S.%f}+00:00 admin: Asks for figures.", "b": "", "c": ""}


@pytest.mark.parametrize("layout", TABLES)
def test_none_of_it_for_the_public_and_in_no_record(consultation, sent, layout):
    if layout not in {"submissions", "passages"}:
        assert not {*NAMES, "notes"} & set(build_table(layout, "public", with_review=True, with_notes=True).headers)
    assert not {*NAMES, "notes"} & set(build_table(layout, "full").headers)
    assert {*NAMES, "notes"} <= set(build_table(layout, "workspace", with_review=True, with_notes=True).headers)


def test_what_was_set_aside_is_not_for_the_public(admin_client, sent):
    for layout in ("contributions", "stakeholders"):
        page = ask(admin_client, layout=layout, audience="public")
        assert {row["published_as"] for row in rows(page)} == {"a", "c"}


def test_a_compilation_leaves_it_out_or_marks_it(admin_client, consultation, sent):
    theme = consultation.themes.get(number=1).pk

    def senders(**choices: str) -> list[str]:
        document = Document(io.BytesIO(ask(admin_client, format="docx", areas=[theme], **choices)))
        found = [one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 3"]
        return [text.partition(" ")[0] + (" set aside" if "Set aside" in text else "") for text in found]

    assert senders() == ["a", "c"]
    assert senders(with_set_aside="on") == ["a", "b set aside", "c"]
    assert sorted(senders(audience="public")) == ["a", "c"]


@pytest.mark.parametrize("option", ["with_set_aside", "with_notes"])
def test_the_public_cannot_be_given_it(admin_client, sent, option):
    page = post(admin_client, audience="public", **{option: "on"})
    assert page.status_code == 200
    assert "not for the public" in page.content.decode()


def test_a_workbook_filters_by_its_headers_and_wraps_its_texts(admin_client, sent):
    book = openpyxl.load_workbook(io.BytesIO(ask(admin_client, format="xlsx")))
    sheet = book["Rows"]
    headers = {cell.value: place for place, cell in enumerate(sheet[1], start=1)}
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(4, len(headers)).coordinate}"
    # Columns side by side of one width are kept as one.
    wide = {one.min for one in sheet.column_dimensions.values() if (one.width or 0) > 50}
    assert wide == {headers["text"]}
    text = sheet.cell(2, headers["text"])
    assert (text.value, text.alignment.wrap_text, text.alignment.vertical) == ("Text a.", True, "top")
    assert sheet.cell(2, headers["theme_number"]).value == 1
