"""Noting that a part is alive, and finding when it was not.

The web server notes itself, a thread in each process. Beat sends a task every half minute and a worker notes that it
ran, which proves both. All by PostgreSQL's clock, a row for each minute.
"""

import threading
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from wsis.models import Heartbeat

STALE_AFTER = timedelta(minutes=3)
BEAT_SECONDS = 20  # seconds, so that no minute is missed


def beat(part: Heartbeat.Part) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wsis_heartbeat (part, minute) VALUES (%s, date_trunc('minute', clock_timestamp()))"
            " ON CONFLICT DO NOTHING",
            [part.value],
        )


def age(part: Heartbeat.Part) -> timedelta | None:
    """How long ago the last noted minute began, by PostgreSQL's clock. None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - max(minute) FROM wsis_heartbeat WHERE part = %s", [part.value])
        found: timedelta | None = cursor.fetchone()[0]
    return found


def gaps(part: Heartbeat.Part, *, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches from `since` to `until` in which `part` was not alive, to the minute; from its first beat on.

    One missed minute is a restart and no gap.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH beats AS (
                SELECT minute FROM wsis_heartbeat WHERE part = %(part)s AND minute BETWEEN %(since)s AND %(until)s
                UNION ALL SELECT %(until)s WHERE %(until)s <= clock_timestamp()
            )
            SELECT gone, back FROM (
                SELECT lag(minute) OVER (ORDER BY minute) + interval '1 minute' AS gone, minute AS back FROM beats
            ) AS stretches WHERE back - gone > interval '1 minute' ORDER BY gone
            """,
            {"part": part.value, "since": since, "until": until},
        )
        return list(cursor.fetchall())


def keep_beating(part: Heartbeat.Part) -> threading.Thread:
    """Notes `part` as alive from a thread of this process, until the process ends."""

    def run() -> None:
        pause = threading.Event()
        while True:
            try:
                beat(part)
            except DatabaseError:
                pass  # the missing minutes are the message
            finally:
                connection.close()
            pause.wait(BEAT_SECONDS)

    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    return thread
