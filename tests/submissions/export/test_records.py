"""The record of a closed consultation: written once, by one worker, tried again, and never taken away."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError

from submissions.export import records
from submissions.models import Contribution, Record
from submissions.text.spreadsheet import restore
from tests.export_files import in_record
from tests.factories import (
    ARABIC,
    CHINESE,
    ENGLISH,
    close_early,
    make_consultation,
    move_cutoff_behind_now,
    reopen,
    send,
)
from tests.threads import at_once
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation
from wsis.single_worker import single_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_the_record_of_a_closed_consultation(consultation):
    sent = {1: ENGLISH, 5: ARABIC, 12: CHINESE}
    submission = send(consultation, sent).submission
    assert records.write_due_records() == []
    move_cutoff_behind_now(consultation)
    assert records.write_due_records() == []  # closed by the clock, and not recorded yet
    cutoff_changes.close_due_consultations()
    (pk,) = records.write_due_records()
    submit = Record.objects.get(pk=pk)
    with submit.file.open("rb") as file:
        content = file.read()
    rows = in_record(submit)
    assert {int(row[2]): restore(row[14]) for row in rows} == sent
    assert {row[0] for row in rows} == {submission.reference}
    assert (submit.row_count, submit.submission_count, submit.byte_count) == (3, 1, len(content))
    assert submit.sha256 == hashlib.sha256(content).hexdigest()
    assert submit.closed_at == consultation.closes_at
    assert records.write_due_records() == []
    assert Record.objects.count() == 1


def test_a_worker_that_died_leaves_nothing_to_download_and_no_second_file(consultation, monkeypatch, settings):
    """Killed while it wrote: the next attempt is due after a minute, and writes the one file."""
    send(consultation)
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    save = records.default_storage.save

    def die(*args, **kwargs):
        save(*args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(records.default_storage, "save", die)
        with pytest.raises(KeyboardInterrupt):
            records.write_due_records()
    claim = Record.objects.get()
    assert (claim.written_at, claim.file.name, claim.attempts) == (None, "", 1)
    assert records.write_due_records() == []  # not due yet
    Record.objects.update(due_at=database_now())
    assert records.write_due_records() == [claim.pk]
    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [str(path.relative_to(folder)) for path in files] == [Record.objects.get().file.name]
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_a_record_that_fails_says_why_and_is_not_tried_forever(admin_client, consultation, monkeypatch):
    send(consultation)
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(records.default_storage, "save", full)
        waits = []
        for attempt in range(1, 13):
            before = database_now()
            assert records.write_due_records() == []
            failed = Record.objects.get()
            assert (failed.attempts, failed.written_at) == (attempt, None)
            assert "No space left on device" in failed.last_error
            if failed.due_at is not None:
                waits.append(round((failed.due_at - before) / timedelta(minutes=1)))
                assert records.write_due_records() == []  # it backs off
                assert Record.objects.get().attempts == attempt
                Record.objects.update(due_at=database_now())
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert records.write_due_records() == []
    # A person mends what it was, and presses the button.
    assert "could not be written after many attempts" in admin_client.get("/admin/").content.decode()
    page = f"/admin/submissions/record/{failed.pk}/"
    assert "Not written" in admin_client.get(f"{page}change/").content.decode()
    assert admin_client.get(f"{page}again/").status_code == 405
    assert "The worker tries again" in admin_client.post(f"{page}again/", follow=True).content.decode()
    assert records.write_due_records() == [failed.pk]
    assert "It is still being tried" in admin_client.post(f"{page}again/", follow=True).content.decode()
    assert f"{page}again/" not in admin_client.get(f"{page}change/").content.decode()


def test_one_worker_at_a_time_writes_a_record(consultation):
    """The other finds the lock taken, and is free for other work; when its holder is gone, nothing waits."""
    send(consultation)
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    with single_worker(records.LOCK_SPACE) as is_first:
        assert is_first
        assert records.write_due_records() == []
        assert not Record.objects.exists()
    assert len(records.write_due_records()) == 1


def test_what_came_late_after_a_record_stands_beside_it(admin_client, consultation):
    """Of two closings: what was admitted between them is in the second record, and late to the first alone."""
    send(consultation)
    close_early(consultation)
    records.write_due_records()
    admit(consultation)
    later = database_now() + timedelta(days=1)
    reopen(consultation, later)
    close_early(consultation)
    records.write_due_records()

    def late_after(submit: Record) -> str:
        page = admin_client.get(f"/admin/submissions/record/{submit.pk}/change/").content.decode()
        return "1, not in this record" if "1, not in this record" in page else "None"

    first, second = Record.objects.order_by("closed_at")
    assert [late_after(first), late_after(second)] == ["1, not in this record", "None"]
    assert [first.submission_count, second.submission_count] == [1, 2]
    admit(consultation)
    assert late_after(second) == "1, not in this record"


def admit(consultation) -> None:
    from submissions.models import Admission
    from submissions.sending.submit import submit
    from tests.factories import contents, make_respondent

    by, _is_new = get_user_model().objects.get_or_create(username="manager", is_staff=True)
    submit(
        consultation=consultation,
        respondent=make_respondent(),
        contents=contents(consultation, {1: "Late."}),
        sending_key=uuid.uuid4(),
        admission=Admission(way="paper", reason="The post was late.", entered_by=by),
    )


def test_one_consultation_that_fails_holds_up_no_other(consultation, monkeypatch):
    now = database_now()
    other = make_consultation(
        opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=1), slug="other", themes=1
    )
    for one in (consultation, other):
        send(one)
        close_early(one)
    write = records.write_archive

    def broken(which, *args, **kwargs):
        if which == consultation:
            raise ValueError("what nobody thought of")
        return write(which, *args, **kwargs)

    monkeypatch.setattr(records, "write_archive", broken)
    (written,) = records.write_due_records()
    assert Record.objects.get(pk=written).consultation == other
    assert Record.objects.get(consultation=consultation).last_error == "ValueError: what nobody thought of"


def test_versions_and_withdrawals_in_the_record(consultation):
    from submissions.sending.withdraw import withdraw

    first = send(consultation, {1: "old", 2: "left out later"}).submission
    send(consultation, {1: "new"}, amends=first.reference)
    withdraw(send(consultation, {1: "withdrawn"}).submission)
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    records.write_due_records()
    assert [(row[0], row[14]) for row in in_record(Record.objects.get())] == [(first.reference, "new")]


def test_reopened_and_closed_again_there_is_a_second_record(consultation):
    send(consultation, {1: "before"})
    close_early(consultation)
    records.write_due_records()
    later = database_now() + timedelta(days=1)
    reopen(consultation, later)
    send(consultation, {1: "after"})
    close_early(consultation)
    records.write_due_records()
    first, second = Record.objects.order_by("closed_at")
    assert (first.row_count, first.is_superseded) == (1, True)
    assert (second.row_count, second.is_superseded) == (2, False)
    assert first.file.name != second.file.name


def test_two_writers_at_once_make_one_record(consultation):

    send(consultation)
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    results = []

    def write():
        results.append(records.write_due_records())

    at_once(*[write] * 4)
    assert sum(map(len, results)) == 1
    assert Record.objects.count() == 1


def test_nothing_of_the_record_can_be_taken_away(consultation):
    send(consultation)
    with pytest.raises(DatabaseError):
        Contribution.objects.all().delete()
    assert Consultation.objects.get().submissions.count() == 1
