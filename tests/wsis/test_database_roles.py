"""What somebody could do who has broken into web, worker or beat and speaks SQL as they do: nothing to the evidence."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from submissions.models import Change, Review, Submission
from tests.factories import ENGLISH, send
from tests.roles import as_owner, owner_connection, owner_url
from themes.intake import database_now
from wsis.database_roles import grant_rights, runtime_role
from wsis.local.folder import READER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not owner_url(), reason="the servers given have one role for everything"),
]

DENIED = {"42501"}  # insufficient_privilege
FORGERIES = [
    # what was received
    "UPDATE submissions_submission SET organisation = 'Another'",
    "UPDATE submissions_submission SET received_at = received_at - interval '1 day'",
    "UPDATE submissions_contribution SET text = 'Another'",
    "UPDATE submissions_proposal SET wording = 'Another'",
    "UPDATE submissions_admission SET reason = 'Another'",
    "DELETE FROM submissions_submission",
    "DELETE FROM submissions_contribution",
    "DELETE FROM submissions_withdrawal",
    "DELETE FROM submissions_admission",
    "TRUNCATE submissions_submission CASCADE",
    "TRUNCATE submissions_contribution CASCADE",
    "SELECT * FROM submissions_submission FOR UPDATE",
    # the trail, and who it was
    "UPDATE submissions_reviewevent SET state = 'new'",
    "DELETE FROM submissions_reviewevent",
    "INSERT INTO submissions_traillink (event_table, event_id, row_sha256, sha256, linked_at)"
    " VALUES ('submissions_reviewevent', 1, '', '', now())",
    "UPDATE submissions_traillink SET sha256 = ''",
    "DELETE FROM submissions_traillink",
    "ALTER TABLE submissions_reviewevent DISABLE TRIGGER trail_link",
    "SELECT submissions_chain_events()",
    "DELETE FROM themes_consultationevent",
    "DELETE FROM submissions_contactview",
    "UPDATE pghistory_context SET metadata = '{}'",
    "DELETE FROM pghistory_context",
    "DELETE FROM django_admin_log",
    "TRUNCATE submissions_reviewevent",
    # the way out for personal data, which is the owner's
    "SELECT submissions_erase(ARRAY['x'], 'texts', 'request')",
    "SELECT submissions_correct('x', 'y', 'z')",
    "INSERT INTO submissions_erasure (reference, what, why, erased_at, digests) VALUES ('x', 'y', 'z', now(), '{}')",
    "UPDATE submissions_formerrecord SET sha256 = ''",
    "CREATE OR REPLACE FUNCTION privacy_kept(which text) RETURNS interval LANGUAGE sql RETURN interval '0'",
    # the guards
    "ALTER TABLE submissions_submission DISABLE TRIGGER ALL",
    "ALTER TABLE submissions_submission DISABLE TRIGGER submission_stamp",
    "ALTER TABLE submissions_submission ENABLE REPLICA TRIGGER submission_in_time",
    "DROP TRIGGER submission_is_final ON submissions_submission",
    "CREATE TRIGGER a BEFORE INSERT ON submissions_submission FOR EACH ROW EXECUTE FUNCTION submissions_stamp()",
    "ALTER TABLE submissions_submission ALTER COLUMN received_at DROP NOT NULL",
    "ALTER TABLE themes_extension RENAME TO gone",
    "DROP TABLE submissions_reviewevent",
    "DROP FUNCTION themes_assert_intake_open(bigint, timestamptz) CASCADE",
    "CREATE OR REPLACE FUNCTION submissions_stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "ALTER FUNCTION submissions_lock_reference(text) SECURITY INVOKER",
    "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql"
    " AS 'SELECT true'",
    "SET session_replication_role = replica",
    # a name that stands before the real one
    "CREATE TEMPORARY TABLE themes_consultation (id bigint)",
    "CREATE TABLE public.anything (id bigint)",
    "CREATE SCHEMA wsis",
    # more rights
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER CREATEROLE",
    "CREATE ROLE another LOGIN SUPERUSER",
    "SET ROLE wsis_owner",
    "SET SESSION AUTHORIZATION postgres",
    "GRANT wsis_owner TO CURRENT_USER",
    "GRANT pg_execute_server_program TO CURRENT_USER",
    "ALTER TABLE submissions_submission OWNER TO CURRENT_USER",
    # the machine
    "COPY submissions_submission TO PROGRAM 'cat'",
    "COPY submissions_draft FROM '/etc/hostname'",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT lo_export(1, '/tmp/x')",
    "ALTER SYSTEM SET archive_command = 'true'",
    "CREATE EXTENSION pg_stat_statements",
    # what a migration says it did
    "INSERT INTO django_migrations (app, name, applied) VALUES ('submissions', '0099', now())",
    "SELECT setval('submissions_submission_id_seq', 1)",
]


@pytest.fixture
def written(consultation) -> Submission:
    sent = send(consultation, {1: ENGLISH}).submission
    Review.objects.create(consultation=consultation, reference=sent.reference, state="in-review")
    return sent


def digest_of_everything() -> list[tuple[str, ...]]:
    """Every row of every table, as its owner sees it."""
    with owner_connection() as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        return [
            (table, *(row for (row,) in owner.execute(f"SELECT t::text FROM {table} t ORDER BY 1")))
            for (table,) in tables
        ]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_refused(written, forgery):
    before = digest_of_everything()
    with pytest.raises(psycopg.Error) as refused, psycopg.connect(**runtime(), autocommit=True) as intruder:
        intruder.execute(forgery)
    assert refused.value.sqlstate in DENIED, refused.value
    assert digest_of_everything() == before


def runtime() -> dict[str, Any]:
    params = connection.get_connection_params()
    assert params["user"] == runtime_role()
    return {name: params[name] for name in ("host", "port", "dbname", "user", "password") if name in params}


def test_there_are_forty_and_their_owner_could(written):
    """Or a misspelt table would be refused too: most of them are the owner's right, and the guards see to the rest."""
    assert len(FORGERIES) >= 40
    reached = []
    with owner_connection() as owner:
        for forgery in FORGERIES:
            try:
                with owner.transaction(force_rollback=True):
                    owner.execute(forgery)
            except psycopg.Error as error:
                # Roles and the machine are not its business, and what is final its own triggers refuse.
                reached.append(error.sqlstate)
            else:
                reached.append("00000")
    # A misspelt name would be of class 42 too, and no lack of a right.
    assert {state for state in reached if str(state).startswith("42")} == DENIED
    assert len([state for state in reached if state not in DENIED]) >= 30


def test_a_moment_that_is_claimed_is_stamped_over(written):
    """Back-dating by INSERT: what the database received, it dates itself."""
    with psycopg.connect(**runtime()) as intruder:
        intruder.execute(
            """
            INSERT INTO submissions_submission (submitting_as, organisation, stakeholder_group, country, language,
                contact_name, email, consent, has_accepted_privacy, consultation_id, reference, version, sending_key,
                received_at, content_sha256)
            SELECT submitting_as, organisation, stakeholder_group, country, language, contact_name, email, consent,
                true, consultation_id, 'FORG-000000001', 1, gen_random_uuid(), received_at - interval '20 hours',
                content_sha256
            FROM submissions_submission
            """
        )
        intruder.execute(
            "INSERT INTO submissions_contribution (submission_id, theme_id, text, words, own_consent)"
            " SELECT s.id, c.theme_id, 'x', 1, '' FROM submissions_contribution c, submissions_submission s"
            " WHERE s.reference = 'FORG-000000001'"
        )
    forged = Submission.objects.get(reference="FORG-000000001")
    assert forged.received_at > written.received_at
    assert abs((database_now() - forged.received_at).total_seconds()) < 60


def test_the_trail_is_written_whatever_a_session_sets(written):
    before = Change.objects.count()
    with psycopg.connect(**runtime(), autocommit=True) as intruder:
        names = [
            name
            for (name,) in intruder.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'submissions_review'::regclass AND NOT tgisinternal"
            )
        ]
        assert any(name.startswith("pgtrigger_update") for name in names)
        intruder.execute("SELECT set_config('pgtrigger.ignore', %s, false)", ["{" + ",".join(names) + "}"])
        intruder.execute("UPDATE submissions_review SET state = 'done', version = version + 1")
    assert Change.objects.count() == before + 1
    # Their owner may, for a repair.
    with owner_connection() as owner:
        owner.execute("SELECT set_config('pgtrigger.ignore', %s, false)", ["{" + ",".join(names) + "}"])
        owner.execute("UPDATE submissions_review SET state = 'in-review', version = version + 1")
    assert Change.objects.count() == before + 1


def test_who_it_was_is_not_written_over(written):
    """pghistory's upsert runs with its owner's right: a context may gain facts, and lose or change none."""
    claim = "SELECT set_config('pghistory.context_id', %s, false), set_config('pghistory.context_metadata', %s, false)"
    change = "UPDATE submissions_review SET version = version + 1"
    context = "11111111-1111-4111-8111-111111111111"
    with psycopg.connect(**runtime(), autocommit=True) as session:
        session.execute(claim, [context, '{"user": 7}'])
        session.execute(change)
        session.execute(claim, [context, '{"user": 7, "url": "/admin/"}'])
        session.execute(change)
        session.execute(claim, [context, '{"user": 8, "url": "/admin/"}'])
        with pytest.raises(psycopg.Error, match="who it was"):
            session.execute(change)
        stored = session.execute("SELECT metadata FROM pghistory_context WHERE id = %s", [context]).fetchone()
    assert stored == ({"user": 7, "url": "/admin/"},)


def test_the_reader_reads_what_an_export_holds_and_no_secret(written):
    with owner_connection() as owner:
        can = {
            (table, right): owner.execute("SELECT has_table_privilege(%s, %s, %s)", [READER, table, right]).fetchall()
            for table in (
                "submissions_contribution",
                "themes_theme",
                "accounts_workspacesession",
                "accounts_authenticatorapp",
            )
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
        }
    granted = {pair for pair, answer in can.items() if answer == [(True,)]}
    assert granted == {("submissions_contribution", "SELECT"), ("themes_theme", "SELECT")}


def test_rights_are_given_again_after_every_migration():
    """Also twice in a row; and an owner who serves the public himself is told that no grant binds him."""
    with as_owner():
        assert grant_rights(runtime=runtime_role(), reader=READER)
        assert grant_rights(runtime=runtime_role(), reader=READER)
        assert not grant_rights(runtime=connection.settings_dict["USER"], reader=READER)
