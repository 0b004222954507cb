"""Many writers across a cutoff, over plain connections: no view, no form, no Django between them and PostgreSQL."""

import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from django.db import connection

from submissions.models import Submission
from themes.models import Consultation

SUBMISSION = """
INSERT INTO submissions_submission (
    reference, version, sending_key, received_at, content_sha256, consultation_id, submitting_as, organisation,
    stakeholder_group, country, contact_name, email, consent, language, has_accepted_privacy
) VALUES (
    %(reference)s, 1, %(key)s, '2000-01-01', '', %(consultation)s, 'individual', '',
    'other', 'KE', 'A writer', 'writer@example.org', 'named', 'en', true
) RETURNING id
"""
CONTRIBUTION = """
INSERT INTO submissions_contribution (submission_id, theme_id, text, words, own_consent) VALUES (%s, %s, 'x', 1, '')
"""


def connect() -> psycopg.Connection:
    """A connection of its own to the test database, as the application's role."""
    settings = connection.settings_dict
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=settings["NAME"],
        autocommit=True,
    )


@dataclass
class Outcome:
    """What the writers were told, and what the closer found when its closing had committed."""

    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    other_errors: list[str] = field(default_factory=list)
    record: set[str] = field(default_factory=set)
    closing_took: float = 0.0

    @property
    def left_out(self) -> set[str]:
        """Told that they were received, and not in the record."""
        return self.acknowledged - self.record


def rush(
    consultation: Consultation,
    *,
    writers: int,
    close: Callable[[], bool],
    begins: Callable[[], object] = lambda: None,
    slowest: float = 0.03,
    asks_first: bool = False,
) -> Outcome:
    """Lets `writers` send until they are refused, while `close` is called until it says that it closed.

    Args:
        begins: called when every writer is connected and about to send; a cutoff is set from there, however busy
            the machine was until then.
        slowest: seconds that a sending may dawdle between its rows and its COMMIT, at random.
        asks_first: each writer reads the window before it writes, as a check in a view would.
    """
    outcome = Outcome()
    theme = consultation.themes.values_list("pk", flat=True)[0]
    start, is_over = threading.Barrier(writers + 1), threading.Event()
    dice = random.Random(7)

    def write() -> None:
        with connect() as session:
            start.wait()
            while not is_over.is_set():
                reference = uuid.uuid4().hex[:14]
                try:
                    with session.transaction():
                        if asks_first and not _is_open(session, consultation.pk):
                            outcome.refused += 1
                            return
                        values = {"reference": reference, "key": uuid.uuid4(), "consultation": consultation.pk}
                        row = session.execute(SUBMISSION, values).fetchone()
                        session.execute(CONTRIBUTION, [row[0] if row else None, theme])
                        time.sleep(dice.random() * slowest)
                    outcome.acknowledged.add(reference)
                except psycopg.DatabaseError as error:
                    if error.sqlstate != "WS001":
                        outcome.other_errors.append(str(error))
                    outcome.refused += 1
                    return

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    start.wait()
    begins()
    while True:
        began = time.monotonic()
        if close():
            break
        time.sleep(0.002)
    outcome.closing_took = time.monotonic() - began
    outcome.record = set(Submission.objects.filter(consultation=consultation).values_list("reference", flat=True))
    # Those that have not been refused yet have a moment in which they must not succeed.
    time.sleep(slowest * 2)
    is_over.set()
    for thread in threads:
        thread.join()
    return outcome


def _is_open(session: psycopg.Connection, consultation: int) -> bool:
    row = session.execute(
        "SELECT closed_at IS NULL AND clock_timestamp() < closes_at FROM themes_consultation WHERE id = %s",
        [consultation],
    ).fetchone()
    return bool(row and row[0])


def latest(consultation: Consultation) -> datetime | None:
    return (
        Submission.objects.filter(consultation=consultation)
        .order_by("-received_at")
        .values_list("received_at", flat=True)
        .first()
    )
