"""Layouts, formats and audiences: whole files, equal to the last cell."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django_countries import countries

from submissions.export.excel import MAX_CELL_UNITS, NOTE, pieces, units
from submissions.export.scope import Scope
from submissions.export.table import LayoutNotOffered
from submissions.models import Review, Submission, Tag
from submissions.review.passages import highlight
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content, ProposedWording
from submissions.text.regions import NO_REGION, region_names
from tests.export_files import build_table, exported, parsed
from tests.factories import ARABIC, CHINESE, ENGLISH, send, theme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ARRIVAL = ("came_in", "late", "admitted_because")
ROWS = (
    ProposedWording("60", "Sixty", "Because"),
    ProposedWording("٩", "تسعة", ""),
    ProposedWording("59 bis", "=1+1", ""),
)


@pytest.fixture
def three(consultation):
    """One named, with a text of its own consent on each of two areas; one anonymous; one not to be published."""
    return (
        send(
            consultation,
            {1: Content(ENGLISH, ROWS), 2: Content("Nameless.", (), "anonymous"), 3: Content("Secret.", (), "none")},
        ).submission,
        send(
            consultation,
            {1: ARABIC},
            consent="anonymous",
            organisation="Hidden Org",
            contact_name="Hidden Name",
            email="hidden@example.org",
            country="FR",
        ).submission,
        send(consultation, {1: "Never."}, consent="none", organisation="Never Org").submission,
    )


def at(submission) -> str:
    return submission.received_at.astimezone(UTC).isoformat(timespec="microseconds")


def test_submissions_have_a_column_for_each_area(consultation, three):
    header, *rows = parsed(exported(layout="submissions")[0])
    first, second, third = three
    areas = [f"theme_{number}" for number in range(1, 16)]
    assert header == [
        *("reference", "version", "submitted_at", "submitting_as", "organisation", "stakeholder_group", "country"),
        *("region", "contact_name", "email", "consent", "language", "themes", "words", *areas),
        *ARRIVAL,
    ]
    value = dict(zip(header, rows[0], strict=True))
    assert [row[0] for row in rows] == [first.reference, second.reference, third.reference]
    assert (value["region"], value["themes"], value["words"]) == ("Africa", "3", "21")
    assert value["theme_1"] == (
        f"'{ENGLISH}\n\nParagraph: 60\nProposed wording: Sixty\nReason: Because\n\n"
        "Paragraph: ٩\nProposed wording: تسعة\nReason: \n\nParagraph: 59 bis\nProposed wording: =1+1\nReason: "
    )
    assert (value["theme_2"], value["theme_15"]) == ("Nameless.", "")
    assert rows[1][areas.index("theme_1") + 14] == ARABIC


def test_proposals_stand_in_the_documents_order(consultation, three):
    header, *rows = parsed(exported(layout="proposals")[0])
    assert header == [
        *("paragraph", "theme_number", "wording", "reason", "reference", "submitted_at", "organisation"),
        *("stakeholder_group", "country", "contact_name", "email", *ARRIVAL, "consent"),
    ]
    assert [row[:4] for row in rows] == [
        ["٩", "1", "تسعة", ""],
        ["59 bis", "1", "'=1+1", ""],
        ["60", "1", "Sixty", "Because"],
    ]
    assert rows[0][4:] == [
        *(three[0].reference, at(three[0]), "Réseau des bibliothèques", "Civil society", "Kenya", "Amina Otieno"),
        *("amina@example.org", "Online, in time", "", "", "named"),
    ]


def test_stakeholders_are_who_was_heard_without_texts(consultation, three):
    withdraw(three[2])
    header, *rows = parsed(exported(layout="stakeholders")[0])
    assert header[-5:] == ["themes", "words", *ARRIVAL]
    assert [(row[0], row[3], row[-5], row[-4]) for row in rows] == [
        (three[0].reference, "Réseau des bibliothèques", "3", "21"),
        (three[1].reference, "Hidden Org", "1", "13"),
    ]


@pytest.mark.parametrize("layout", ["contributions", "submissions", "proposals", "stakeholders"])
def test_without_contacts_there_is_no_contact(consultation, three, layout):
    content = exported(layout=layout, audience="workspace")[0].decode("utf-8-sig")
    full = exported(layout=layout)[0].decode("utf-8-sig")
    for secret in ("amina@example.org", "Amina Otieno"):
        assert secret in full
        assert secret not in content
    assert {"contact_name", "email"} & set(parsed(b"\xef\xbb\xbf" + content.encode())[0]) == set()
    assert "Réseau des bibliothèques" in content


def test_the_public_reads_what_consent_allows_and_nothing_else(consultation, three):
    header, *rows = parsed(exported(audience="public")[0])
    assert header == [
        *("theme_number", "theme", "reference", "published_as", "stakeholder_group", "country"),
        *("late", "language", "words", "text", "proposals"),
    ]
    assert [[*row[:6], *row[7:9]] for row in rows] == [
        ["1", "Theme 1", three[0].reference, "Réseau des bibliothèques", "Civil society", "Kenya", "fr", "19"],
        ["1", "Theme 1", "", "", "", "", "fr", "13"],
        ["2", "Theme 2", "", "", "", "", "fr", "1"],
    ]
    whole = exported(audience="public")[0].decode() + exported(audience="public", layout="stakeholders")[0].decode()
    for secret in ("Hidden", "hidden@", "France", "Secret.", "Never", three[1].reference, at(three[1])[:16], "amina@"):
        assert secret not in whole
    assert ARABIC in whole


def test_a_rare_language_tells_nothing_of_who_wrote_a_text_without_a_name(consultation):
    for language, consent in (("el", "named"), ("el", "anonymous"), ("ru", "anonymous"), ("mul", "anonymous")):
        send(consultation, {1: f"{language} {consent}"}, language=language, consent=consent)
    rows = parsed(exported(audience="public")[0])[1:]
    assert sorted((row[9], row[7]) for row in rows) == [
        ("el anonymous", "und"),
        ("el named", "el"),
        ("mul anonymous", "mul"),
        ("ru anonymous", "ru"),
    ]
    # The secretariat reads it as it was said.
    header, *inside = parsed(exported(audience="workspace")[0])
    assert {row[header.index("language")] for row in inside} == {"el", "ru", "mul"}


def test_an_individual_is_published_by_name_and_a_proposal_as_its_text(consultation):
    send(
        consultation,
        {1: Content("x", ROWS[:1], "anonymous"), 2: Content("y", ROWS[:1])},
        submitting_as="individual",
        organisation="",
    )
    rows = parsed(exported(audience="public", layout="proposals")[0])[1:]
    assert [(row[1], row[5]) for row in rows] == [("2", "Amina Otieno"), ("1", "")]


def test_tagged_passages_stand_by_the_code_frame(consultation, three, admin_user):
    """A reference that was withdrawn, and a text that was not asked for, are in no row."""
    first, second, third = three
    frame = {
        name: Tag.objects.create(consultation=consultation, name=name, description=f"About {name}.")
        for name in ("money", "Access")
    }
    for submission, number, name, passage in (
        (first, 1, "money", "59 bis"),
        (first, 1, "Access", "Sixty"),
        (second, 1, "Access", ARABIC[:10]),
        (third, 1, "money", "Never."),
    ):
        highlight(submission.reference, theme(consultation, number), passage, tag=frame[name], by=admin_user)
    # What is marked goes on with the reference, and whether it still stands is said.
    again = send(consultation, {1: ENGLISH, 2: "Else."}, amends=first.reference).submission
    withdraw(third)
    header, *rows = parsed(exported(layout="passages", submissions=Submission.objects.standing())[0])
    assert header == [
        *("tag", "when_to_use_it", "theme_number", "theme", "passage", "stands", "reference", "submitted_at"),
        *("submitting_as", "organisation", "stakeholder_group", "country", "region", "contact_name", "email"),
        *("consent", "language", "tagged_at", "tagged_by", "under"),
    ]
    who = ("An organisation", "Réseau des bibliothèques", "Civil society", "Kenya", "Africa", "Amina Otieno")
    hidden = ("An organisation", "Hidden Org", "Civil society", "France", "Europe", "Hidden Name")
    access, money = ((name, f"About {name}.", "1", "Theme 1") for name in ("Access", "money"))
    assert [tuple(row[:17]) for row in rows] == [
        (*access, "Sixty", "no", first.reference, at(again), *who, "amina@example.org", "named", "fr"),
        (*access, ARABIC[:10], "yes", second.reference, at(second), *hidden, "hidden@example.org", "anonymous", "fr"),
        (*money, "59 bis", "no", first.reference, at(again), *who, "amina@example.org", "named", "fr"),
    ]
    assert {row[18] for row in rows} == {"admin"}
    workspace, *_rows = parsed(exported(layout="passages", audience="workspace")[0])
    assert workspace == [name for name in header if name not in {"contact_name", "email"}]
    assert parsed(exported(layout="passages", scope=Scope([theme(consultation, 2)]))[0])[1:] == []
    with pytest.raises(LayoutNotOffered, match="internal"):
        exported(layout="passages", audience="public")


def test_what_was_coded_is_counted(consultation, three, admin_user):
    """By tag, area and group: a tag on the whole submission, and one on a passage, count the submission once."""
    first, second, third = three
    access, money = (
        Tag.objects.create(consultation=consultation, name=name, description=f"About {name}.")
        for name in ("Access", "=money")
    )
    for sent, tags in ((first, [access, money]), (second, [access]), (third, [money])):
        review = Review.objects.create(consultation=consultation, reference=sent.reference)
        review.tags.add(*tags)
    highlight(first.reference, theme(consultation, 1), "Sixty", tag=access, by=admin_user)
    highlight(first.reference, theme(consultation, 1), "59 bis", tag=access, by=admin_user)
    highlight(second.reference, theme(consultation, 1), ARABIC[:10], tag=money, by=admin_user)
    withdraw(third)
    other = send(consultation, {1: "Some words."}, stakeholder_group="academia").submission
    highlight(other.reference, theme(consultation, 1), "Some words", tag=access, by=admin_user)

    header, *rows = parsed(exported(layout="tag-counts")[0])
    names = ("tag", "under", "when_to_use_it", "theme_number", "theme", "stakeholder_group", "submissions", "passages")
    assert header == list(names)
    expected = [
        ("Access", "1", "Academia", "1", "1"),
        ("Access", "1", "Civil society", "2", "2"),
        ("Access", "2", "Civil society", "1", "0"),
        ("Access", "3", "Civil society", "1", "0"),
        ("'=money", "1", "Civil society", "2", "1"),
        ("'=money", "2", "Civil society", "1", "0"),
        ("'=money", "3", "Civil society", "1", "0"),
    ]
    assert [(row[0], row[3], *row[5:]) for row in rows] == [*expected[4:], *expected[:4]]
    assert {row[2] for row in rows} == {"About Access.", "About =money."}
    some = parsed(exported(layout="tag-counts", scope=Scope([theme(consultation, 2)]))[0])[1:]
    assert [(row[0], row[3]) for row in some] == [("'=money", "2"), ("Access", "2")]

    header, *rows = parsed(exported(layout="tags")[0])
    found = [(row[0], row[header.index("reference")], row[header.index("organisation")]) for row in rows]
    in_order = sorted([(first.reference, first.organisation), (second.reference, "Hidden Org")])
    assert found == [
        ("'=money", first.reference, first.organisation),
        *(("Access", *one) for one in in_order),
    ]
    assert "email" in header
    assert "email" not in parsed(exported(layout="tags", audience="workspace")[0])[0]
    for layout in ("tags", "tag-counts"):
        with pytest.raises(LayoutNotOffered, match="internal"):
            exported(layout=layout, audience="public")


def test_submissions_are_not_offered_to_the_public(consultation, three):
    with pytest.raises(LayoutNotOffered, match="stay anonymous"):
        build_table("submissions", "public")


def test_one_area_alone(consultation, three):
    rows = parsed(exported(scope=Scope([consultation.themes.get(number=2)]))[0])[1:]
    assert [row[14] for row in rows] == ["Nameless."]


def test_verbatim_has_neither_mark_nor_apostrophe(consultation, three):
    content, _ = exported(profile="verbatim")
    assert content.startswith(b"reference,")
    assert parsed(b"\xef\xbb\xbf" + content)[1][14] == ENGLISH


def test_json_lines_are_the_same_rows_with_numbers(consultation, three):
    header, *rows = parsed(b"\xef\xbb\xbf" + exported(profile="verbatim")[0])
    content, result = exported(format="jsonl")
    lines = content.decode().splitlines()
    objects = [json.loads(line) for line in lines]
    assert result.rows == len(lines) == 5
    assert [list(one) for one in objects] == [header] * 5
    assert [[str(cell) for cell in one.values()] for one in objects] == rows
    assert objects[0]["words"] == 19


# --- Excel ------------------------------------------------------------------------------------------------------


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    found = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    book.close()
    return found


def test_excel_holds_the_same_texts_and_runs_none(consultation, three):
    header, *rows = parsed(b"\xef\xbb\xbf" + exported(profile="verbatim")[0])
    content, result = exported(format="xlsx")
    found = sheets(content)
    assert list(found) == ["Rows"]
    at = header.index("submitted_at")
    # Dates of the workbook, in UTC, to the millisecond; everything else is the same to the letter.
    for row, cells in zip(rows, found["Rows"][1:], strict=True):
        moment = datetime.fromisoformat(row[at]).replace(tzinfo=None)
        assert abs(cells[at] - moment) < timedelta(milliseconds=1)
        row[at] = str(cells[at])
    assert [["" if cell is None else str(cell) for cell in row] for row in found["Rows"]] == [header, *rows]
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert (result.rows, result.long_cells) == (5, 0)


def test_a_text_longer_than_a_cell_stands_whole_on_a_sheet_of_its_own(consultation):
    limit = "x" * MAX_CELL_UNITS
    too_long = "🌍" * (MAX_CELL_UNITS // 2 + 1)
    send(consultation, {1: limit, 2: too_long})
    content, result = exported(format="xlsx")
    found = sheets(content)
    assert result.long_cells == 1
    assert found["Rows"][1][14] == limit
    assert found["Rows"][2][14].endswith(NOTE)
    assert units(found["Rows"][2][14]) <= MAX_CELL_UNITS
    assert "".join(row[4] for row in found["Long texts"][1:]) == too_long
    assert found["Long texts"][1][:4] == (1, 3, "text", 1)


def test_pieces_are_never_cut_within_a_sign():
    assert list(pieces("a🌍b", 2)) == ["a", "🌍", "b"]
    text = CHINESE * 50
    *whole, last = pieces(text, 100)
    assert {units(piece) for piece in whole} == {100}
    assert units(last) <= 100
    assert "".join([*whole, last]) == text


# --- regions ----------------------------------------------------------------------------------------------------


def test_every_country_has_a_region():
    assert {code for code, _name in countries} - set(region_names()) == set()
    assert region_names()["KE"] == "Africa"
    assert sorted(set(region_names().values())) == [
        *("Africa", "Americas", "Asia", "Europe", "Global"),
        *(NO_REGION, "Oceania"),
    ]
