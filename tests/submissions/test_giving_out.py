"""What becomes of an export's file: given out as long as it may be, then removed, also when a removal fails."""

import os
import shutil
import time
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from submissions.export import giving_out, making, scratch
from submissions.models import Export
from submissions.record import withdraw
from tests.conftest import send
from tests.submissions.exports import ask, rows
from tests.submissions.test_export_life import PAGE, asked, kept, told

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_withdrawn_since_is_not_given_out(admin_client, consultation, one):
    send(consultation, {2: "Stays."})
    export = asked(admin_client)
    making.make_next()
    fetched = admin_client.get(f"{PAGE}{export.pk}/download/")
    assert len(b"".join(fetched.streaming_content)) == Export.objects.get().byte_count
    withdraw(one)
    # At once, before any sweep.
    assert admin_client.get(f"{PAGE}{export.pk}/download/").status_code == 302
    assert told(admin_client, export)["can_download"] is False
    assert giving_out.remove_expired() == 1
    export.refresh_from_db()
    assert (export.state, kept()) == ("expired", [])
    assert {row["text"] for row in rows(ask(admin_client))} == {"Stays."}


def test_kept_to_the_instant_then_swept(admin_client, one):
    export = asked(admin_client)
    making.make_next()
    export.refresh_from_db()
    assert export.finished_at and export.expires_at  # noqa: PT018
    assert export.finished_at + timedelta(days=7) <= export.expires_at
    assert export.expires_at < export.finished_at + timedelta(days=7, seconds=1)
    assert giving_out.remove_expired() == 0
    Export.objects.update(expires_at=timezone.now())
    assert admin_client.get(f"{PAGE}{export.pk}/download/").status_code == 302
    assert giving_out.remove_expired() == 1
    assert giving_out.remove_expired() == 0
    export.refresh_from_db()
    assert (export.state, export.file.name, kept()) == ("expired", "", [])
    assert told(admin_client, export)["sentence"].startswith("Its file was removed")


def test_a_sweep_cut_off_between_telling_and_removing_goes_on(admin_client, one, monkeypatch):
    asked(admin_client)
    making.make_next()
    Export.objects.update(expires_at=timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "delete", lambda self, name: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            giving_out.remove_expired()
    assert len(kept()) == 1
    assert giving_out.remove_expired() == 1
    assert kept() == []


def test_a_file_that_cannot_be_removed_keeps_no_other_there(admin_client, one, monkeypatch):
    for _turn in range(2):
        asked(admin_client)
        making.make_next()
    Export.objects.update(expires_at=timezone.now())
    first = Export.objects.earliest("pk")
    delete = FileSystemStorage.delete

    def stuck(self, name):
        if name == first.file.name:
            raise OSError("the bucket is away")
        delete(self, name)

    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "delete", stuck)
        assert giving_out.remove_expired() == 1
    assert kept() == [first.file.name]
    assert giving_out.remove_expired() == 1
    assert kept() == []


def test_what_a_killed_process_left_is_removed_when_it_is_a_day_old():
    old, new = scratch.scratch_folder() / "old", scratch.scratch_folder() / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "sheet").write_text("rows")
    os.utime(old, (time.time() - scratch.OUTDATED - 5, time.time() - scratch.OUTDATED - 5))
    giving_out.remove_expired()
    assert (old.exists(), new.exists()) == (False, True)
    shutil.rmtree(new)
