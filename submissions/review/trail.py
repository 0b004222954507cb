"""Is the trail whole? Each row of the history has a link whose hash is over the one before (sql/trail_chain.sql)."""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from submissions.models import TrailLink
from themes.intake import database_now

LOCK_SPACE = 0x57534943  # "WSIC" in ASCII, beside the consultations' locks of themes/lock.py


class TrailDiffers(Exception):
    """The trail is not what was written, and here is where."""


BROKEN_LINK = """
SELECT id, event_table, event_id FROM (
    SELECT l.*, submissions_link_sha256(coalesce(lag(sha256) OVER (ORDER BY id), ''), event_table, event_id, row_sha256)
        AS computed FROM submissions_traillink l
) every WHERE sha256 <> computed ORDER BY id LIMIT 1
"""
# One row for each kind of finding, with how many there are and the first: a trail of millions takes no memory here.
FINDINGS = """
SELECT CASE
    WHEN l.id IS NULL THEN 'unlinked'
    WHEN e.pgh_id IS NULL THEN CASE WHEN l.linked_at <= %s THEN 'outdated' ELSE 'missing' END
    WHEN submissions_row_sha256(to_jsonb(e)) = l.row_sha256 THEN 'same'
    WHEN submissions_row_sha256(to_jsonb(e)) = l.erased_sha256 THEN 'erased'
    ELSE 'changed'
END AS finding, count(*), min(coalesce(l.event_id, e.pgh_id))
FROM (SELECT * FROM submissions_traillink WHERE event_table = %s) l FULL JOIN {} e ON e.pgh_id = l.event_id
GROUP BY finding
"""
BROKEN_ROWS = {"unlinked": "has no link: it was slipped in", "missing": "is missing", "changed": "was changed"}
RIGHT_ROWS = {
    "same": "as written",
    "erased": "without what was erased",
    "outdated": "removed when the period was over",
}


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
        cursor.execute(BROKEN_LINK)
        if broken := cursor.fetchone():
            raise TrailDiffers(f"Link {broken[0]}, of row {broken[2]} of {broken[1]}, does not follow the one before.")
        yield f"{TrailLink.objects.count()} links, each over the one before."
        if checkpoint is not None:
            yield _compared(*checkpoint)
        counts: Counter[str] = Counter()
        for table in _tables(cursor):
            cursor.execute(FINDINGS.format(table), [outdated, table])
            for finding, count, first in cursor.fetchall():
                if finding in BROKEN_ROWS:
                    raise TrailDiffers(f"Row {first} of {table} {BROKEN_ROWS[finding]}.")
                counts[finding] += count
        yield from (f"{counts[finding]} rows {words}." for finding, words in RIGHT_ROWS.items())


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
