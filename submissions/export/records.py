"""What follows a closing: the record. The handshake with the sweep that closes is a row, `closed_at`, no more."""

import logging
from datetime import UTC, timedelta
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connections
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from submissions.export.archive import added_files, write_archive
from submissions.export.scratch import scratch_file
from submissions.models import FormerRecord, Record
from submissions.signals import AddedFile
from themes.intake import DatabaseClock, database_now
from themes.models import Consultation
from wsis.claims import backoff, claim
from wsis.single_worker import single_worker

logger = logging.getLogger(__name__)

LOCK_SPACE = 0x57534952  # "WSIR" in ASCII, beside the consultations' locks of themes/lock.py
FIRST_DELAY, MAX_DELAY = timedelta(minutes=1), timedelta(hours=1)
# What others add is waited for by so many attempts; then it is written without.
ATTEMPTS_FOR_OTHERS = 3
IS_EXHAUSTED = Q(attempts__gte=F("attempts_allowed"))


def write_due_records() -> list[int]:
    """Writes the record of every closed consultation that has none. Running it twice is harmless.

    One worker at a time. Of one that is killed nothing is held: the record is due again after the pause of its attempt.

    Returns:
        The ids of the records that this call wrote.
    """
    with single_worker(LOCK_SPACE) as has_lock:
        return _write_due() if has_lock else []


def try_again(records: QuerySet[Record]) -> int:
    """Lets those that were given up be tried once more, at once. Returns how many."""
    pks = given_up().filter(pk__in=records.values("pk")).values("pk")
    return Record.objects.filter(pk__in=pks).update(attempts_allowed=F("attempts") + 1, due_at=DatabaseClock())


def given_up() -> QuerySet[Record]:
    """Those that somebody waits for and that are tried no more."""
    return Record.objects.filter(_is_wanted(), written_at__isnull=True, due_at__isnull=True)


def _is_wanted() -> Q:
    """That of the present closing; and one of before that was written, and lost its file to an erasure."""
    return Q(closed_at=F("consultation__closed_at")) | Q(Exists(FormerRecord.objects.filter(record=OuterRef("pk"))))


def _write_due() -> list[int]:
    claimed = Record.objects.filter(consultation=OuterRef("pk"), closed_at=OuterRef("closed_at"))
    unclaimed = Consultation.objects.filter(~Exists(claimed), closed_at__isnull=False).values_list("pk", "closed_at")
    Record.objects.bulk_create(
        [
            Record(consultation_id=pk, closed_at=closed_at, due_at=closed_at)
            for pk, closed_at in unclaimed
            if closed_at is not None
        ],
        ignore_conflicts=True,
    )
    written = []
    while (record := _claim_next()) is not None:
        try:
            _write(record)
        except Exception as error:
            logger.exception("the record of %s: attempt %s", record.consultation, record.attempts)
            # What was lost with the database is asked of a fresh connection.
            connections["default"].close_if_unusable_or_obsolete()
            row = Record.objects.filter(pk=record.pk)
            row.update(last_error=f"{type(error).__name__}: {error}"[:2000])
            row.filter(IS_EXHAUSTED).update(due_at=None)
        else:
            written.append(record.pk)
    return written


def _claim_next() -> Record | None:
    """Takes the next record that is due. However its attempt ends, the one after that is due later.

    Returns:
        None when nothing is due.
    """
    due = Record.objects.filter(written_at__isnull=True, due_at__lte=DatabaseClock())
    # Those whose worker died at the last attempt, so that nobody could say why.
    due.filter(IS_EXHAUSTED).update(due_at=None)
    wanted = due.filter(_is_wanted(), ~IS_EXHAUSTED)
    return claim(
        wanted.select_related("consultation").order_by("pk"),
        lambda attempts: {
            "due_at": DatabaseClock() + backoff(attempts, first=FIRST_DELAY, longest=MAX_DELAY),
            "last_error": "",
        },
    )


def _write(record: Record) -> None:
    consultation = record.consultation
    # A name of its own for each attempt: a worker that was too slow never writes over its successor's file.
    stamp = f"{record.closed_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
    folder = f"records/{consultation.slug}/{stamp}"
    added = _added_files(record)
    read_at = database_now()
    with scratch_file() as file:
        written = write_archive(consultation, record.closed_at, cast(BinaryIO, file), read_at=read_at, added=added)
        file.seek(0)
        for earlier in range(1, record.attempts):
            default_storage.delete(f"{folder}/record-{earlier}.zip")
        name = default_storage.save(f"{folder}/record-{record.attempts}.zip", File(file))
    # Written once: the row is the proof, and a second writer finds it set.
    done = Record.objects.filter(pk=record.pk, written_at__isnull=True, attempts=record.attempts).update(
        written_at=DatabaseClock(),
        verified_at=None,
        read_at=read_at,
        file=name,
        submission_count=written.submissions,
        row_count=written.rows,
        byte_count=written.bytes,
        sha256=written.sha256,
        added_files=[file.name for file in added],
    )
    if not done:
        default_storage.delete(name)


def _added_files(record: Record) -> list[AddedFile]:
    """What keeps another app from adding its own is no reason to have no record."""
    try:
        return added_files(record.consultation, record.closed_at)
    except Exception:
        if record.attempts < ATTEMPTS_FOR_OTHERS:
            raise
        logger.exception("the record of %s is written without what others add", record.consultation)
        connections["default"].close_if_unusable_or_obsolete()
        return []
