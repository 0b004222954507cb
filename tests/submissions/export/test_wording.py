"""A title that is corrected after the closing breaks no record: it is checked in the wording of its time."""

import io
import zipfile

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from submissions.export import records
from submissions.export.archive import write_archive
from submissions.models import Record
from tests.factories import move_cutoff_behind_now, send
from themes import cutoff_changes, translations
from themes.intake import database_now
from themes.translations import Change
from themes.wording import reword

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def change(consultation, new: dict[str, str]) -> None:
    by = User.objects.get_or_create(username="manager", is_staff=True)[0]
    texts = {text.key: text for text in translations.texts_of(consultation)}
    found = [Change(texts[key], "en", words) for key, words in new.items()]
    assert reword(found, consultation=consultation, note="Typo.", by=by, at=database_now()) == len(new)
    consultation.refresh_from_db()


def titles(record: Record) -> set[str]:
    with record.file.open("rb") as stored, zipfile.ZipFile(stored) as opened:
        lines = opened.read("contributions-verbatim.csv").decode("utf-8-sig").splitlines()
    return {line.split(",")[3] for line in lines[1:]}


def verify() -> str:
    out = io.StringIO()
    call_command("verify_record", "elements-paper", stdout=out)
    return out.getvalue()


def test_corrected_while_open_and_after_the_closing(consultation):
    send(consultation, {1: "A text.", 2: "Another."})
    change(consultation, {"1.title": "Connectivity"})
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    records.write_due_records()
    record = Record.objects.get()
    # As it stood when intake closed.
    assert titles(record) == {"Connectivity", "Theme 2"}
    change(consultation, {"1.title": "Connectivity for all", "2.title": "Skills", "title": "The round"})
    change(consultation, {"document_title": "Paper", "2.title": "Skills and schools"})
    assert "SHA256SUMS: right." in verify()
    # Written anew, it has the same bytes of every file.
    fresh = io.BytesIO()
    assert record.read_at is not None
    written = write_archive(consultation, record.closed_at, fresh, read_at=record.read_at)
    assert written.sha256 == record.sha256
