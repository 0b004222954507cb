"""The life of an export in this process; workers are killed in tests/faults/test_exports.py."""

import errno
import hashlib
import threading
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, OperationalError, connection, connections
from django.db.models import F
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from bench.filling import fill
from submissions.export import jobs
from submissions.export.pg_copy import snapshot
from submissions.export.sink import Sink
from submissions.models import Export
from tests.export_page import LIST, ask, post, progress_of, requested, rows, stored_files
from tests.factories import send
from tests.roles import analyze, as_owner
from wsis.typography import short_datetime

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_asked_for_made_and_fetched(admin_client, one):
    export = requested(admin_client, audience="full")
    assert (export.state, export.requested_by_name, export.rows_total) == ("waiting", "admin", None)
    assert progress_of(admin_client, export)["sentence"].startswith("It waits for the worker")
    page = admin_client.get(f"{LIST}{export.pk}/change/").content.decode()
    assert f"{LIST}{export.pk}/cancel/" in page
    assert "/download/" not in page
    assert admin_client.get(f"{LIST}{export.pk}/download/").status_code == 302

    assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.rows_done, export.rows_total, export.attempts) == ("done", 2, 2, 1)
    assert export.expires_at is not None
    assert stored_files() == [f"exports/{export.key}/1.csv"]
    answer = admin_client.get(f"{LIST}{export.pk}/download/")
    content = b"".join(answer.streaming_content)
    assert (len(content), hashlib.sha256(content).hexdigest()) == (export.byte_count, export.sha256)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="elements-paper-contributions-full-spreadsheet-{export.finished_at:%Y%m%dT%H%M%SZ}.csv"'
    )
    assert {row["email"] for row in rows(content)} == {"amina@example.org"}
    assert progress_of(admin_client, export) == {
        "state": "done",
        "label": "Ready",
        "is_under_way": False,
        "rows_done": 2,
        "rows_total": 2,
        "sentence": (
            f"2 rows, {filesizeformat(len(content))}. It is available until {short_datetime(export.expires_at)}."
        ),
        "can_download": True,
    }
    readme = admin_client.get(f"{LIST}{export.pk}/readme/").content.decode()
    assert export.sha256 in readme
    assert "Take one leading apostrophe away from any cell" in readme
    assert "- none: everything that counts" in readme
    assert "- proposals: Wording proposed" in readme
    # Who requested and who fetched is on the page's history.
    text = list(LogEntry.objects.order_by("pk").values_list("user__username", "object_id", "change_message"))
    assert [(name, pk) for name, pk, _text in text] == [("admin", str(export.pk))] * 2
    assert text[1][2] == "Downloaded: full"


def test_nothing_is_made_by_get(admin_client, one):
    export = requested(admin_client)
    for verb in ("cancel", "again"):
        assert admin_client.get(f"{LIST}{export.pk}/{verb}/").status_code == 405
    assert Export.objects.count() == 1


def test_choices_that_do_not_go_together_are_refused_with_a_sentence(admin_client, consultation):
    theme = consultation.themes.get(number=3).pk
    for sentence, choices in (
        ("A compilation holds contributions", {"format": "docx", "layout": "submissions"}),
        ("A compilation holds contributions", {"format": "html", "layout": "tag-counts"}),
        ("choose no area", {"layout": "stakeholders", "areas": [theme]}),
        ("Choose contributions for the public", {"layout": "submissions", "audience": "public"}),
        ("The list’s filters are not understood", {"filters": "no_such_field=1"}),
        ("The list’s filters are not understood", {"filters": "q=a%00b"}),
    ):
        answer = post(admin_client, **choices)
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
    assert Export.objects.count() == 0


def test_called_off_while_it_waits_and_while_it_is_written(admin_client, consultation, one, monkeypatch):
    export = requested(admin_client)
    admin_client.post(f"{LIST}{export.pk}/cancel/")
    assert jobs.make_next() is None
    assert progress_of(admin_client, export)["sentence"] == "It was called off. Nothing of it was kept."

    monkeypatch.setattr(jobs, "PROGRESS_SECONDS", 0)
    running = requested(admin_client)
    plain = jobs._note

    def called_off_meanwhile(export, **values):
        plain(export, **values)
        if "rows_total" in values:
            assert admin_client.post(f"{LIST}{export.pk}/cancel/").status_code == 302

    monkeypatch.setattr(jobs, "_note", called_off_meanwhile)
    assert jobs.make_next() == running.pk
    running.refresh_from_db()
    assert (running.state, running.file.name, stored_files()) == ("cancelled", "", [])
    admin_client.post(f"{LIST}{running.pk}/cancel/")
    assert LogEntry.objects.filter(change_message="Called off").count() == 2


def test_asked_for_again_it_holds_what_counts_now(admin_client, consultation, one):
    export = requested(admin_client, filters="country=KE")
    jobs.make_next()
    send(consultation, {2: "More."})
    assert admin_client.post(f"{LIST}{export.pk}/again/").status_code == 302
    anew = Export.objects.latest("pk")
    assert (anew.filters, anew.filters_in_words) == (export.filters, export.filters_in_words)
    jobs.make_next()
    anew.refresh_from_db()
    assert (anew.state, anew.rows_done) == ("done", 3)


def test_one_at_a_time_and_in_their_order(admin_client, one):
    first, second = requested(admin_client), requested(admin_client)
    is_inside, may_go_on = threading.Event(), threading.Event()
    plain = jobs._make

    def slow(export):
        is_inside.set()
        may_go_on.wait(60)
        plain(export)

    def sweep():
        try:
            jobs._make = slow
            built.append(jobs.make_next())
        finally:
            jobs._make = plain
            connections.close_all()

    built: list[int | None] = []
    worker = threading.Thread(target=sweep)
    worker.start()
    try:
        assert is_inside.wait(60)
        # Another worker comes by: it waits for nothing, and takes nothing.
        assert jobs.make_next() is None
        assert Export.objects.get(pk=second.pk).state == "waiting"
    finally:
        may_go_on.set()
        worker.join()
    assert built == [first.pk]
    assert jobs.make_next() == second.pk


def test_what_a_dead_worker_left_is_taken_up_at_once_and_not_for_ever(admin_client, one):
    export = requested(admin_client)
    Export.objects.filter(pk=export.pk).update(state="running", attempts=1, rows_done=1)
    left = default_storage.save(export.stored_name(1), ContentFile(b"half a fi"))
    assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("done", 2)
    assert stored_files() == [f"exports/{export.key}/2.csv"]
    assert left not in stored_files()

    other = requested(admin_client)
    Export.objects.filter(pk=other.pk).update(state="running", attempts=jobs.MAX_ATTEMPTS)
    assert jobs.make_next() is None
    other.refresh_from_db()
    assert (other.state, other.failure) == ("failed", "died")
    assert progress_of(admin_client, other)["sentence"].startswith("The background worker was stopped each time")


@pytest.mark.parametrize(
    ("error", "state", "failure", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "failed", "disk-full", "Free some room"),
        (psycopg.errors.DiskFull("could not write"), "failed", "database-full", "no room to sort"),
        (OperationalError("server closed the connection"), "waiting", "", "the next one is at"),
        (ValueError("what nobody thought of"), "failed", "unexpected", "See the worker’s log"),
    ],
)
def test_a_failure_says_why_and_leaves_nothing(admin_client, one, monkeypatch, error, state, failure, sentence):
    def broken(sink, chunk):
        if isinstance(error, psycopg.Error):
            raise OperationalError("could not write") from error
        raise error

    export = requested(admin_client)
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(Sink, "write", broken)
        assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.failure, export.file.name, stored_files()) == (state, failure, "", [])
    assert sentence in progress_of(admin_client, export)["sentence"]
    assert type(error).__name__.split(".")[-1] in export.error or str(error) in export.error
    assert admin_client.get(f"{LIST}{export.pk}/download/").status_code == 302
    if state == "waiting":
        # Not at once, and then it succeeds.
        assert jobs.make_next() is None
        Export.objects.update(due_at=F("requested_at"))
        assert jobs.make_next() == export.pk
        assert Export.objects.get(pk=export.pk).state == "done"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "docx", "html"])
def test_a_write_that_fails_in_the_middle_ends_at_once(admin_client, consultation, monkeypatch, kind):
    """With more rows on their way than any buffer holds: nothing waits for them, and the connection is given back."""
    with as_owner():
        fill(120, themes=1, characters=45_000, final=False)
    analyze()
    export = requested(admin_client, format=kind, areas=[consultation.themes.get(number=1).pk])
    seen = 0

    def full(self, rows):
        nonlocal seen
        seen += 1
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(jobs._Progress, "__call__", full)
        broken.setattr("submissions.export.excel.PROGRESS_ROWS", 2)
        broken.setattr("submissions.export.compilation.document.PROGRESS_ROWS", 2)
        assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.failure, seen, stored_files()) == ("failed", "disk-full", 1, [])
    assert {row["theme_number"] for row in rows(ask(admin_client))} == {"1"}


def test_a_snapshot_that_is_lost_hides_nothing(consultation):
    """A server that died ends all connections: the reading one is found dead when it is given back."""
    with pytest.raises(jobs.Cancelled), snapshot() as reading:
        with reading.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        raise jobs.Cancelled


@pytest.mark.parametrize("first_to_notice", ["reading", "progress"])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "docx", "html"])
def test_a_database_lost_while_rows_arrive_is_tried_again(
    admin_client, consultation, monkeypatch, kind, first_to_notice
):
    """The connection that reads is cut by PostgreSQL itself, with more rows to come than any buffer holds."""
    with as_owner():
        fill(600, themes=1, characters=9_000, final=False)
    analyze()
    export = requested(admin_client, format=kind, areas=[consultation.themes.get(number=1).pk])
    cut: list[Any] = []

    def lose(self, rows):
        if cut:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query ~ '^(COPY|DECLARE|FETCH)' AND state <> 'idle'"
            )
            cut.append(cursor.fetchall())
        if first_to_notice == "progress":
            raise OperationalError("the worker's other connection is lost too")

    with monkeypatch.context() as broken:
        broken.setattr(jobs._Progress, "__call__", lose)
        broken.setattr("submissions.export.excel.PROGRESS_ROWS", 2)
        broken.setattr("submissions.export.compilation.document.PROGRESS_ROWS", 2)
        assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (cut, export.state, export.failure, stored_files()) == ([[(True,)]], "waiting", "", [])
    Export.objects.update(due_at=F("requested_at"))
    assert jobs.make_next() == export.pk
    assert Export.objects.values_list("state", "rows_done").get(pk=export.pk) == ("done", 600)


@pytest.mark.parametrize("verb", ["save", "delete"])
def test_a_storage_that_refuses_is_tried_again_then_told(admin_client, one, monkeypatch, verb):
    def refuse(self, *args, **kwargs):
        raise RuntimeError("Access denied")

    monkeypatch.setattr(FileSystemStorage, verb, refuse)
    export = requested(admin_client)
    for _attempt in range(jobs.MAX_ATTEMPTS):
        assert jobs.make_next() == export.pk
        Export.objects.update(due_at=F("requested_at"))
    export.refresh_from_db()
    assert (export.state, export.failure) == ("failed", "storage")
    assert "Access denied" in export.error
    assert jobs.make_next() is None


def test_whoever_lost_the_right_meanwhile_gets_nothing(admin_client, one):
    export = requested(admin_client)
    get_user_model().objects.update(is_active=False)
    jobs.make_next()
    export.refresh_from_db()
    assert (export.state, export.failure, stored_files()) == ("failed", "forbidden", [])


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "done"},
        {"state": "running", "file": "half.csv"},
        {"state": "failed"},
        {"state": "waiting", "failure": "died"},
    ],
)
def test_the_database_holds_what_a_state_means(consultation, impossible):
    with pytest.raises(IntegrityError):
        Export.objects.create(consultation=consultation, requested_by_name="x", **impossible)


def test_in_the_last_hour_is_the_hour_before_it_was_asked_for(admin_client, one):
    export = requested(admin_client, filters="received=hour")
    # It was requested for two hours ago and is made only now: what came in since is not in that hour.
    Export.objects.update(requested_at=timezone.now() - timedelta(hours=2))
    assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.rows_done, export.filters_in_words) == ("done", 2, "received: In the last hour")
    late = requested(admin_client, filters="received=hour")
    Export.objects.filter(pk=late.pk).update(requested_at=timezone.now() + timedelta(hours=2))
    jobs.make_next()
    assert Export.objects.get(pk=late.pk).rows_done == 0


def test_its_queries_do_not_grow_with_the_rows(admin_client, consultation, monkeypatch):
    from django.test.utils import CaptureQueriesContext

    # How often it looks whether it was cancelled is a matter of time, and not of rows.
    monkeypatch.setattr(jobs, "PROGRESS_SECONDS", 3600)

    def queries():
        requested(admin_client)
        with CaptureQueriesContext(connection) as captured:
            jobs.make_next()
        return len(captured)

    send(consultation)
    queries()  # a process asks for the stems of a word once
    send(consultation)
    few = queries()
    for _ in range(40):
        send(consultation)
    assert queries() == few
