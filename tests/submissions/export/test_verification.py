"""`manage.py verify_record` finds one changed character, one missing row, one file in another order."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from submissions.export import records
from submissions.models import Record
from tests.factories import ARABIC, CHINESE, ENGLISH, move_cutoff_behind_now, send
from tests.roles import owner_connection
from themes import cutoff_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def record(consultation) -> Record:
    send(consultation, {1: ENGLISH, 5: ARABIC})
    send(consultation, {12: CHINESE}, organisation="大学", stakeholder_group="academia", country="CN")
    send(consultation, {2: "x"}, country="BR")
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    records.write_due_records()
    return Record.objects.get()


def verify(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_record", "elements-paper", *arguments, stdout=out)
    return out.getvalue()


def rewritten(record: Record, tmp_path: Path, change) -> str:
    """A copy of the record in which `change` made each file's bytes, or the list of files, another."""
    copy = tmp_path / "copy.zip"
    with record.file.open("rb") as stored, zipfile.ZipFile(stored) as old, zipfile.ZipFile(copy, "w") as new:
        for name, content in change({name: old.read(name) for name in old.namelist()}).items():
            new.writestr(name, content)
    return str(copy)


def test_the_record_is_what_the_database_says(record):
    text = verify().splitlines()
    assert text[0] == f"The archive's SHA-256 is the one on record: {record.sha256}"
    assert text[1:] == [
        "contributions-spreadsheet.csv: 4 rows, as the database says.",
        "contributions-verbatim.csv: 4 rows, as the database says.",
        "contributions.jsonl: 4 rows, as the database says.",
        "submissions-spreadsheet.csv: 3 rows, as the database says.",
        "proposals-spreadsheet.csv: 0 rows, as the database says.",
        "data-dictionary.csv: as the database says.",
        "README.txt: as the database says.",
        "SHA256SUMS: right.",
        "Commitments: 3 sendings say what they said when they were sent.",
    ]


def lines_of(content: bytes, separator: bytes) -> list[bytes]:
    return content.split(separator)


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        (
            "contributions-verbatim.csv",
            lambda content: content.replace("人工智能".encode(), "人工智熊".encode()),
            "contributions-verbatim.csv, row 4, text: the record says '人工智熊",
        ),
        (
            "contributions.jsonl",
            lambda content: b"".join(content.splitlines(keepends=True)[:-1]),
            "contributions.jsonl, row 4: missing in the record",
        ),
        (
            "contributions.jsonl",
            lambda content: b"".join([*content.splitlines(keepends=True)[1:], content.splitlines(keepends=True)[0]]),
            "contributions.jsonl, row 1, theme_number: the record says '5', the database '1'",
        ),
        (
            "submissions-spreadsheet.csv",
            lambda content: content + content.splitlines(keepends=True)[-1],
            "submissions-spreadsheet.csv, row 5: not in the database",
        ),
        (
            "contributions-spreadsheet.csv",
            lambda content: content.replace(b"\r\n", b"\n"),
            "contributions-spreadsheet.csv: the same rows, written in other bytes.",
        ),
        (
            "README.txt",
            lambda content: content.replace(b"Withdrawn: 0", b"Withdrawn: 1"),
            "the record says 'Withdrawn: 1', the database 'Withdrawn: 0'",
        ),
        (
            "SHA256SUMS",
            lambda content: content.replace(b"0", b"1"),
            "SHA256SUMS, line 1",
        ),
    ],
    ids=["one character", "one row less", "another order", "one row more", "line ends", "a count", "a sum"],
)
def test_the_first_difference_is_said(record, tmp_path, name, change, sentence):
    def changed(files: dict[str, bytes]) -> dict[str, bytes]:
        assert change(files[name]) != files[name]
        return {**files, name: change(files[name])}

    with pytest.raises(CommandError) as refusal:
        verify("--file", rewritten(record, tmp_path, changed))
    assert sentence in str(refusal.value)


def test_a_missing_file_a_cut_archive_and_another_order_of_files(record, tmp_path):
    with pytest.raises(CommandError, match="and should hold"):
        verify("--file", rewritten(record, tmp_path, lambda files: dict(list(files.items())[1:])))
    with pytest.raises(CommandError, match="and should hold"):
        verify("--file", rewritten(record, tmp_path, lambda files: dict(reversed(files.items()))))
    cut = tmp_path / "cut.zip"
    with record.file.open("rb") as whole, cut.open("wb") as half:
        shutil.copyfileobj(io.BytesIO(whole.read()[:-400]), half)
    with pytest.raises(CommandError, match="no whole archive"):
        verify("--file", str(cut))
    with pytest.raises(CommandError, match="No such file"):
        verify("--file", str(tmp_path / "none.zip"))


def test_a_text_changed_behind_the_databases_back_is_found(record):
    with owner_connection() as owner:
        # As only the tables' owner can: what counts refuses changes (migrations/sql/guards.sql).
        owner.execute("ALTER TABLE submissions_contribution DISABLE TRIGGER USER")
        owner.execute("UPDATE submissions_contribution SET text = 'y' WHERE text = 'x'")
        owner.execute("ALTER TABLE submissions_contribution ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="row 5, text: the record says 'x', the database 'y'"):
        verify()


def test_there_is_none_before_the_closing(consultation):
    with pytest.raises(CommandError, match="There is no record of /elements-paper/ yet"):
        verify()
