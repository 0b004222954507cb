"""The way out: the whole file, cell by cell."""

import csv
import hashlib
import io
from dataclasses import replace
from datetime import UTC

import pytest
from django.db import DataError
from django.db.models import IntegerField, Value
from django.db.models.functions import Cast

from submissions.export.columns import Column
from submissions.export.formats import BYTE_ORDER_MARK
from submissions.export.sink import Written
from submissions.models import Contribution
from tests.export_files import build_table, exported, parsed
from tests.factories import ARABIC, CHINESE, ENGLISH, send

pytestmark = pytest.mark.django_db(transaction=True)

HEADERS = (
    "reference,consultation,theme_number,theme,submitted_at,submitting_as,organisation,stakeholder_group,"
    "country,contact_name,email,consent,language,words,text,proposals,came_in,late,admitted_because"
)
IN_TIME = ("Online, in time", "", "")


def test_every_cell(consultation):
    first = send(consultation, {5: ARABIC, 1: ENGLISH}).submission
    second = send(
        consultation,
        {12: CHINESE},
        submitting_as="individual",
        organisation="",
        stakeholder_group="technical",
        country="001",
        contact_name="@李文静",
        email="li@example.org",
        consent="anonymous",
        language="zh",
    ).submission
    content, result = exported()

    def at(submission):
        return submission.received_at.astimezone(UTC).isoformat(timespec="microseconds")

    amina = ["An organisation", "Réseau des bibliothèques", "Civil society", "Kenya", "Amina Otieno"]
    amina += ["amina@example.org", "named", "fr"]
    assert parsed(content) == [
        HEADERS.split(","),
        [first.reference, "elements-paper", "1", "Theme 1", at(first), *amina, "15", "'" + ENGLISH, "", *IN_TIME],
        [first.reference, "elements-paper", "5", "Theme 5", at(first), *amina, "13", ARABIC, "", *IN_TIME],
        [
            *(second.reference, "elements-paper", "12", "Theme 12", at(second), "An individual", ""),
            *(
                "Technical community",
                "Global / regional",
                "'@李文静",
                "li@example.org",
                "anonymous",
                "zh",
                "26",
                CHINESE,
                "",
                *IN_TIME,
            ),
        ],
    ]
    assert result == Written(rows=3, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    assert at(first).endswith("+00:00")


def test_bytes_are_rfc_4180(consultation):
    send(consultation, {1: 'Line\n"quoted", comma'})
    content, _ = exported()
    assert content.count(b"\r\n") == 2
    assert content.endswith(b'"Line\n""quoted"", comma",,"Online, in time",,\r\n')


def test_an_empty_export_is_a_header(consultation):
    content, result = exported()
    assert content == BYTE_ORDER_MARK + HEADERS.encode() + b"\r\n"
    assert result.rows == 0


def test_english_whatever_the_reader_speaks(consultation, settings):
    send(consultation)
    from django.utils import translation

    with translation.override("fr"):
        content, _ = exported()
    assert parsed(content)[1][5:9] == ["An organisation", "Réseau des bibliothèques", "Civil society", "Kenya"]


def test_an_error_is_loud(consultation):
    send(consultation)
    broken = build_table()
    wrong = Column("text", Cast(Value("no number"), IntegerField()), "Cannot be made.")
    query = Contribution.objects.annotate(column_0=wrong.expression).values_list("column_0")
    with pytest.raises(DataError):
        exported(replace(broken, columns=(wrong,), keys=("column_0",), query=query))


# --- the record ---------------------------------------------------------------------------------------------


def test_with_semicolons_it_is_the_same_table(consultation):
    send(consultation, {1: 'One; two, "three"\nfour', 2: "=1+1"}, organisation="Body; Ltd.")
    commas, _written = exported(profile="spreadsheet")
    semicolons, _written = exported(profile="semicolons")
    assert semicolons.startswith(BYTE_ORDER_MARK)
    assert list(csv.reader(io.StringIO(semicolons[3:].decode(), newline=""), delimiter=";")) == parsed(commas)


@pytest.mark.parametrize(("profile", "long"), [("spreadsheet", 1), ("semicolons", 1), ("verbatim", 0)])
def test_texts_that_a_spreadsheet_would_cut_are_counted(consultation, profile, long):
    """As Excel counts: a sign beyond the first plane is two. What is exactly as long as a cell is not cut."""
    consultation.themes.update(word_limit=30_000)
    send(consultation, {1: "x" * 32_767, 2: "y; " + "🌍" * 16_383, 3: 'short "quoted"\ntext'})
    content, written = exported(profile=profile)
    assert written.long_cells == long
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    rows = csv.reader(text, delimiter=";" if profile == "semicolons" else ",")
    assert max(len(cell) for row in rows for cell in row) == 32_767
