"""I1, I2, I3, I4: nothing late, nothing lost, with 32 writers across the cutoff. Each race has its negative control."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from submissions.models import Mail, Submission
from tests.factories import bring_forward, close_early, make_consultation, send
from tests.races.rush import connect, latest, rush
from tests.roles import owner_connection
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

ROUNDS = 20
WRITERS = 32


def open_for_an_hour(slug: str):
    now = database_now()
    return make_consultation(slug=slug, opens_at=now - timedelta(days=1), closes_at=now + timedelta(hours=1), themes=1)


def close_in(consultation, milliseconds: int) -> None:
    """The cutoff comes near, under the lock, as moving it would. A busy machine needs longer to say so."""
    for longer in (1, 4, 16, 64):
        try:
            bring_forward(consultation, database_now() + timedelta(milliseconds=milliseconds * longer))
        except ValidationError:
            continue
        return
    pytest.fail("The cutoff could not be moved in ten seconds.")


def sweep(consultation) -> bool:
    return consultation.pk in cutoff_changes.close_due_consultations()


@pytest.fixture
def without_guard():
    """What would be if the database did not decide. Only the tables' owner can switch it off."""
    guards = (("submission", "submission_in_time"), ("contribution", "contribution_in_time"))
    with owner_connection() as owner:
        for table, trigger in guards:
            owner.execute(f"ALTER TABLE submissions_{table} DISABLE TRIGGER {trigger}")
        yield
        for table, trigger in guards:
            owner.execute(f"ALTER TABLE submissions_{table} ENABLE TRIGGER {trigger}")


def test_acknowledged_is_the_record_in_twenty_rounds():
    received = 0
    for turn in range(ROUNDS):
        consultation = open_for_an_hour(f"round-{turn}")
        outcome = rush(
            consultation,
            writers=WRITERS,
            begins=lambda: close_in(consultation, 300),
            close=lambda: sweep(consultation),
        )
        consultation.refresh_from_db()
        assert outcome.other_errors == []
        assert outcome.acknowledged == outcome.record
        assert outcome.refused == WRITERS
        assert latest(consultation) < consultation.closes_at == consultation.closed_at
        received += len(outcome.record)
    assert received > ROUNDS * WRITERS  # it was a rush


def test_control_a_check_before_writing_leaves_acknowledged_ones_out(without_guard):
    """The same race with a check such as a view makes, and no guard: the suite must be able to see the loss."""
    left_out = 0
    for turn in range(ROUNDS):
        consultation = open_for_an_hour(f"control-{turn}")
        outcome = rush(
            consultation,
            writers=WRITERS,
            begins=lambda: close_in(consultation, 150),
            close=lambda: sweep(consultation),
            asks_first=True,
        )
        left_out += len(outcome.left_out)
        if left_out:
            break
    assert left_out > 0


def test_closing_early_in_a_rush_of_forty_writers():
    consultation = open_for_an_hour("early")
    began = [0.0]

    def close() -> bool:
        if time.monotonic() - began[0] < 0.5:
            return False
        close_early(consultation)
        return True

    outcome = rush(consultation, writers=40, begins=lambda: began.__setitem__(0, time.monotonic()), close=close)
    consultation.refresh_from_db()
    assert outcome.acknowledged == outcome.record
    assert outcome.other_errors == []
    assert latest(consultation) < consultation.closed_at == consultation.closes_at
    # Not a measurement: what starves the closer takes many seconds.
    assert outcome.closing_took < 5


def test_an_extension_while_the_closer_waits_and_nothing_closes(consultation):
    """The mover has the lock and the old cutoff passes; the closer read it as due, waits, and finds it is not."""
    old, new = database_now() + timedelta(seconds=0.4), consultation.closes_at + timedelta(days=1)
    Consultation.objects.update(closes_at=old)
    closed: list[list[int]] = []

    def close():
        try:
            closed.append(cutoff_changes.close_due_consultations())
        finally:
            connection.close()

    with connect() as mover:
        with mover.transaction():
            mover.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x57534953, consultation.pk])
            time.sleep(0.6)  # the old cutoff passes while the new one is being written
            mover.execute("UPDATE themes_consultation SET closes_at = %s WHERE id = %s", [new, consultation.pk])
            closer = threading.Thread(target=close)
            closer.start()
            closer.join(0.4)
            assert closer.is_alive()
        closer.join()
    assert closed == [[]]
    assert Consultation.objects.get().closed_at is None
    assert send(consultation).is_new


def test_beat_never_run_and_a_day_late(consultation):
    """No sweep has run since the cutoff: late is refused all the same, and the record is what it would have been."""
    sent = send(consultation).submission
    yesterday = database_now() - timedelta(days=1, seconds=1)
    Consultation.objects.update(opens_at=yesterday - timedelta(days=9), closes_at=yesterday)
    from submissions.sending.refusals import IntakeClosed

    for _ in range(3):
        with pytest.raises(IntakeClosed):
            send(consultation)
    assert Mail.objects.count() == 1
    assert cutoff_changes.close_due_consultations() == [consultation.pk]
    assert Consultation.objects.get().closed_at == yesterday
    assert list(Submission.objects.all()) == [sent]


def test_whoever_writes_after_the_cutoff_is_refused(consultation):
    """I5: plain SQL, a bulk insert, a shell. Nothing is half stored."""
    from django.db import DatabaseError, transaction

    from submissions.models import RESPONDENT_FIELDS, Contribution
    from tests.factories import make_respondent, move_cutoff_behind_now, theme

    first = send(consultation).submission
    move_cutoff_behind_now(consultation)
    answers = {name: getattr(make_respondent(), name) for name in RESPONDENT_FIELDS}

    def bulk():
        with transaction.atomic():
            built = Submission.objects.bulk_create(
                Submission(
                    consultation=consultation,
                    reference=f"BULK-{n}",
                    received_at=database_now() - timedelta(hours=5),
                    content_sha256="",
                    **answers,
                )
                for n in range(3)
            )
            Contribution.objects.bulk_create(
                Contribution(submission=s, theme=theme(consultation, 1), text="x", words=1) for s in built
            )

    def one_more_text():
        Contribution.objects.create(submission=first, theme=theme(consultation, 2), text="x", words=1)

    def plain_sql():
        from tests.races.rush import CONTRIBUTION, SUBMISSION

        with connect() as session, session.transaction():
            values = {"reference": "SQL", "key": "0" * 32, "consultation": consultation.pk}
            row = session.execute(SUBMISSION, values).fetchone()
            assert row is not None
            session.execute(CONTRIBUTION, [row[0], theme(consultation, 1).pk])

    import psycopg

    for attempt in (bulk, one_more_text, plain_sql):
        with pytest.raises((DatabaseError, psycopg.DatabaseError)) as refusal:
            attempt()
        cause = refusal.value.__cause__ or refusal.value
        assert cause.sqlstate == "WS001", attempt
    assert (Submission.objects.count(), Contribution.objects.count()) == (1, 1)


def test_another_isolation_level_is_refused(consultation):
    """Under REPEATABLE READ a sending would not see a closing that committed while it waited."""
    import psycopg

    with connect() as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.DatabaseError, match="READ COMMITTED") as refusal, session.transaction():
            session.execute("SELECT themes_assert_intake_open(%s, clock_timestamp())", [consultation.pk])
    assert refusal.value.sqlstate == "WS003"
