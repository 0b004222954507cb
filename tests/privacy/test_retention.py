"""What is kept long enough goes, to the day; what is a minute younger stays."""

from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import WorkspaceSession
from privacy import retention
from privacy.models import Retention
from submissions.models import ERASED_EMAIL, ERASED_NAME, Change, ContactView, Erasure, Mail, Record, Review, Submission
from tests.factories import send
from tests.roles import as_owner, owner_connection
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation

pytestmark = pytest.mark.django_db(transaction=True)

Kind = Retention.Kind
MINUTE = timedelta(minutes=1)


def closed(ago: timedelta) -> None:
    """As time would: the cutoff lies `ago` back, and its sweep has run."""
    closes_at = database_now() - ago
    Consultation.objects.update(opens_at=closes_at - timedelta(days=9), closes_at=closes_at)
    cutoff_changes.close_due_consultations()


def aged(table: str, column: str, ago: timedelta) -> None:
    """As time would, and as nobody else may."""
    with owner_connection() as owner:
        owner.execute("SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, false) FROM pg_trigger")
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(f"UPDATE {table} SET {column} = clock_timestamp() - %s", [ago])
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize("early", [MINUTE, -MINUTE])
def test_contacts(consultation, early):
    sent = send(consultation, {1: "A text."}).submission
    send(consultation, {1: "A later version."}, amends=sent.reference, email="other@example.org")
    closed(settings.CONTACTS_KEPT - early)
    removed = retention.sweep()[Kind.CONTACTS]
    kept = early > timedelta(0)
    assert removed == (0 if kept else 2)
    found = list(Submission.objects.order_by("version").values_list("contact_name", "email"))
    assert found == (
        [("Amina Otieno", "amina@example.org"), ("Amina Otieno", "other@example.org")]
        if kept
        else [(ERASED_NAME, ERASED_EMAIL)] * 2
    )
    # The texts are the record, and stay.
    assert [one.contributions.get().text for one in Submission.objects.order_by("version")] == [
        "A text.",
        "A later version.",
    ]
    assert list(Erasure.objects.values_list("reference", "what", "why")) == (
        [] if kept else [(sent.reference, "contacts", "period")]
    )
    assert retention.sweep()[Kind.CONTACTS] == 0


@pytest.mark.parametrize("early", [MINUTE, -MINUTE])
def test_mails(consultation, early):
    send(consultation, {1: "Sent, and told."})
    send(consultation, {1: "Not told yet."})
    queued = database_now() - settings.MAILS_KEPT + early
    settled, waiting = Mail.objects.order_by("pk")
    Mail.objects.update(queued_at=queued)
    Mail.objects.filter(pk=settled.pk).update(sent_at=queued)
    retention.sweep()
    assert list(Mail.objects.values_list("pk", flat=True)) == (
        [waiting.pk, settled.pk] if early > timedelta(0) else [waiting.pk]
    )


@pytest.mark.parametrize("early", [MINUTE, -MINUTE])
def test_views_of_contacts(admin_user, early):
    ContactView.objects.create(seen_by=admin_user, where="page", what="x", people=1)
    aged("submissions_contactview", "seen_at", settings.CONTACT_VIEWS_KEPT - early)
    assert retention.sweep()[Kind.CONTACT_VIEWS] == (0 if early > timedelta(0) else 1)
    assert ContactView.objects.count() == (1 if early > timedelta(0) else 0)


@pytest.mark.parametrize("early", [MINUTE, -MINUTE])
def test_the_trail(consultation, early):
    Review.objects.create(consultation=consultation, reference="AAAA-AAAA-0001", state="in-review")
    aged("submissions_reviewevent", "pgh_created_at", settings.TRAIL_KEPT - early)
    before = Change.objects.count()
    assert retention.sweep()[Kind.TRAIL] == (0 if early > timedelta(0) else 1)
    assert Change.objects.count() == before - (0 if early > timedelta(0) else 1)
    # The consultation's own making is younger, and the row itself is no trail.
    assert Review.objects.count() == 1


def test_sessions(admin_client):
    assert WorkspaceSession.objects.count() == 1
    assert retention.sweep()[Kind.SESSIONS] == 0
    WorkspaceSession.objects.update(expire_date=database_now())
    assert retention.sweep()[Kind.SESSIONS] == 1


def test_a_setting_is_the_databases_word(owner, consultation, settings, monkeypatch):
    """`prepare` tells the database, as its owner; what the role that serves sets for itself counts for nothing."""
    settings.CONTACTS_KEPT = timedelta(days=10)
    send(consultation, {1: "A text."})
    closed(timedelta(days=10))
    assert retention.sweep()[Kind.CONTACTS] == 0
    call_command("set_retention")
    try:
        assert dict(Retention.objects.values_list("kind", "days"))["contacts"] == 10
        assert retention.sweep()[Kind.CONTACTS] == 1
        row = Retention.objects.get(kind="contacts")
        assert (row.removed, row.swept_at is not None) == (1, True)
    finally:
        settings.CONTACTS_KEPT = timedelta(days=730)
        retention.set_periods()


def test_whoever_breaks_in_has_nothing_deleted_that_is_not_outdated(consultation):
    send(consultation, {1: "A text."})
    params = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    for attempt in (
        "CREATE OR REPLACE FUNCTION privacy_kept(which text) RETURNS interval LANGUAGE sql RETURN interval '0'",
        "SELECT submissions_erase(ARRAY(SELECT reference::text FROM submissions_submission), 'texts', 'request')",
        "SELECT submissions_correct('x', 'y', 'z')",
        "SELECT submissions_begin_erasing()",
        "INSERT INTO submissions_erasure (reference, what, why, erased_at, digests) VALUES ('', '', '', now(), '{}')",
        "SELECT set_config('privacy.erases', 'on', false); UPDATE submissions_submission SET email = 'x'",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            psycopg.connect(**{name: params[name] for name in names if name in params}) as intruder,
        ):
            intruder.execute(attempt)
    assert Submission.objects.get().email == "amina@example.org"


def test_one_kind_that_fails_holds_up_no_other(consultation, monkeypatch, admin_client):
    def fail() -> int:
        raise RuntimeError("the bucket is away")

    monkeypatch.setitem(retention._SWEEPS, Kind.DRAFTS, fail)
    WorkspaceSession.objects.update(expire_date=database_now())
    removed = retention.sweep()
    assert Kind.DRAFTS not in removed
    assert removed[Kind.SESSIONS] == 1


def test_the_workspace_shows_the_periods(admin_client):
    with as_owner():
        retention.set_periods()
    retention.sweep()
    page = admin_client.get("/admin/privacy/retention/").content.decode()
    assert "Names and addresses of those who sent, after the deadline" in page
    assert ">730<" in page
    assert Record.objects.count() == 0
