"""What becomes of an export's file: given out as long as it may be, then removed, also when a removal fails."""

import os
import shutil
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connections, transaction
from django.utils import timezone

from submissions.export import access, jobs, scratch
from submissions.models import Export
from submissions.review.redaction import decide_publication, redact
from submissions.sending.withdraw import withdraw
from tests.export_page import LIST, ask, progress_of, requested, rows, stored_files
from tests.factories import send, theme

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_withdrawn_since_is_not_given_out(admin_client, consultation, one):
    send(consultation, {2: "Stays."})
    export = requested(admin_client)
    jobs.make_next()
    fetched = admin_client.get(f"{LIST}{export.pk}/download/")
    assert len(b"".join(fetched.streaming_content)) == Export.objects.get().byte_count
    withdraw(one)
    # At once, before any sweep.
    assert admin_client.get(f"{LIST}{export.pk}/download/").status_code == 302
    assert progress_of(admin_client, export)["can_download"] is False
    assert access.remove_expired() == 1
    export.refresh_from_db()
    assert (export.state, stored_files()) == ("expired", [])
    assert {row["text"] for row in rows(ask(admin_client))} == {"Stays."}


@pytest.mark.parametrize("hold", ["bar", "withheld"])
def test_what_is_held_back_while_the_export_is_read_is_not_given_out(admin_client, consultation, one, admin_user, hold):
    """Stamped before the snapshot and committed after it: the file does not know, whatever the clocks say."""
    first = theme(consultation, 1)
    is_held, may_commit = threading.Event(), threading.Event()

    def colleague() -> None:
        try:
            with transaction.atomic():
                if hold == "bar":
                    redact(one.reference, first, "quotes", reason="Private.", by=admin_user)
                else:
                    decide_publication(one, first, "withheld", reason="Defames.", by=admin_user)
                is_held.set()
                may_commit.wait(60)
        finally:
            connections.close_all()

    thread = threading.Thread(target=colleague)
    thread.start()
    assert is_held.wait(60)
    export = requested(admin_client, audience="public")
    assert jobs.make_next() == export.pk
    address = f"{LIST}{export.pk}/download/"
    assert b"".join(admin_client.get(address).streaming_content)
    may_commit.set()
    thread.join(60)
    assert admin_client.get(address).status_code == 302
    assert access.remove_expired() == 1


def test_kept_to_the_instant_then_swept(admin_client, one):
    export = requested(admin_client)
    jobs.make_next()
    export.refresh_from_db()
    assert export.finished_at and export.expires_at  # noqa: PT018
    assert export.finished_at + timedelta(days=7) <= export.expires_at
    assert export.expires_at < export.finished_at + timedelta(days=7, seconds=1)
    assert access.remove_expired() == 0
    Export.objects.update(expires_at=timezone.now())
    assert admin_client.get(f"{LIST}{export.pk}/download/").status_code == 302
    assert access.remove_expired() == 1
    assert access.remove_expired() == 0
    export.refresh_from_db()
    assert (export.state, export.file.name, stored_files()) == ("expired", "", [])
    assert progress_of(admin_client, export)["sentence"].startswith("Its file was removed")


def test_a_sweep_cut_off_between_telling_and_removing_goes_on(admin_client, one, monkeypatch):
    requested(admin_client)
    jobs.make_next()
    Export.objects.update(expires_at=timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "delete", lambda self, name: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            access.remove_expired()
    assert len(stored_files()) == 1
    assert access.remove_expired() == 1
    assert stored_files() == []


def test_a_file_that_cannot_be_removed_keeps_no_other_there(admin_client, one, monkeypatch):
    for _turn in range(2):
        requested(admin_client)
        jobs.make_next()
    Export.objects.update(expires_at=timezone.now())
    first = Export.objects.earliest("pk")
    delete = FileSystemStorage.delete

    def stuck(self, name):
        if name == first.file.name:
            raise OSError("the bucket is away")
        delete(self, name)

    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "delete", stuck)
        assert access.remove_expired() == 1
    assert stored_files() == [first.file.name]
    assert access.remove_expired() == 1
    assert stored_files() == []


def test_what_a_killed_process_left_is_removed_when_it_is_a_day_old():
    old, new = scratch.scratch_folder() / "old", scratch.scratch_folder() / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "sheet").write_text("rows")
    os.utime(old, (time.time() - scratch.MAX_AGE_SECONDS - 5, time.time() - scratch.MAX_AGE_SECONDS - 5))
    access.remove_expired()
    assert (old.exists(), new.exists()) == (False, True)
    shutil.rmtree(new)
