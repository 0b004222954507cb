"""Is the trail whole? Each row of the history has a link whose hash is over the one before (sql/trail_chain.sql)."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from submissions.models import TrailLink
from themes.intake import database_now

LOCK_SPACE = 0x57534943  # "WSIC" in ASCII, beside the consultations' locks of themes/lock.py


class TrailDiffers(Exception):
    """The trail is not what was written, and here is where."""


BROKEN = """
SELECT id, event_table, event_id FROM (
    SELECT l.*, submissions_link_sha256(coalesce(lag(sha256) OVER (ORDER BY id), ''), event_table, event_id, row_sha256)
        AS computed FROM submissions_traillink l
) every WHERE sha256 <> computed ORDER BY id LIMIT 1
"""
ROWS = """
SELECT coalesce(l.event_id, e.pgh_id), l.id, e.pgh_id, l.linked_at <= %s,
    submissions_row_sha256(to_jsonb(e)) = l.row_sha256, submissions_row_sha256(to_jsonb(e)) = l.erased_sha256
FROM (SELECT * FROM submissions_traillink WHERE event_table = %s) l FULL JOIN {} e ON e.pgh_id = l.event_id
ORDER BY 1
"""


def verify(checkpoint: tuple[int, str] | None = None) -> Iterator[str]:
    """Yields a sentence for each thing that was found right.

    Args:
        checkpoint: a link's number and hash, as a checkpoint's mail gives them.

    Raises:
        TrailDiffers: with the first link or row that is not as it was written.
    """
    outdated = database_now() - settings.TRAIL_KEPT
    # One snapshot, or what is written meanwhile would be a row without a link.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(BROKEN)
        if broken := cursor.fetchone():
            raise TrailDiffers(f"Link {broken[0]}, of row {broken[2]} of {broken[1]}, does not follow the one before.")
        yield f"{TrailLink.objects.count()} links, each over the one before."
        if checkpoint is not None:
            yield _compared(*checkpoint)
        counts = {"as written": 0, "without what was erased": 0, "removed when the period was over": 0}
        for table in _tables(cursor):
            cursor.execute(ROWS.format(table), [outdated, table])
            for event, link, row, is_outdated, is_same, is_erased in cursor.fetchall():
                if link is None:
                    raise TrailDiffers(f"Row {event} of {table} has no link: it was slipped in.")
                if row is None and not is_outdated:
                    raise TrailDiffers(f"Row {event} of {table} is missing.")
                if row is not None and not (is_same or is_erased):
                    raise TrailDiffers(f"Row {event} of {table} was changed.")
                what = "removed when the period was over" if row is None else "as written" if is_same else None
                counts[what or "without what was erased"] += 1
        yield from (f"{count} rows {what}." for what, count in counts.items())


def _compared(number: int, sha256: str) -> str:
    found = TrailLink.objects.filter(pk=number).first()
    if found is None:
        raise TrailDiffers(f"Link {number} of the checkpoint is missing.")
    if found.sha256 != sha256:
        raise TrailDiffers(f"Link {number} is {found.sha256}, and was {sha256} at the checkpoint.")
    return f"Link {number} is as at the checkpoint."


def _tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'trail_link' ORDER BY 1")
    return [name for (name,) in cursor.fetchall()]
