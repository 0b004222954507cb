"""What follows a closing: the record. The handshake with the sweep that closes is a row, `closed_at`, no more."""

from datetime import UTC, timedelta
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from submissions.export.archive import write_archive
from submissions.export.scratch import scratch_file
from submissions.models import Record
from themes.cutoff import database_now
from themes.intake import DatabaseClock
from themes.models import Consultation

LEASE = timedelta(minutes=35)  # longer than a task may run (CELERY_TASK_TIME_LIMIT)
FIRST_DELAY = timedelta(minutes=1)
MOST_ATTEMPTS = 5


def write_due_records() -> list[int]:
    """Writes the record of every closed consultation that has none. Running it twice is harmless.

    Returns:
        The ids of the records that this call wrote.
    """
    claimed = Record.objects.filter(consultation=OuterRef("pk"), closed_at=OuterRef("closed_at"))
    unclaimed = Consultation.objects.filter(~Exists(claimed), closed_at__isnull=False).values_list("pk", "closed_at")
    # Of two workers one makes each row; its lease has ended already, so that anybody may take it.
    Record.objects.bulk_create(
        [
            Record(consultation_id=pk, closed_at=closed_at, leased_until=closed_at)
            for pk, closed_at in unclaimed
            if closed_at is not None
        ],
        ignore_conflicts=True,
    )
    written = []
    while (record := _take_next()) is not None:
        try:
            _write(record)
        except Exception as error:
            # It ended by itself, so the next attempt need not wait for the lease.
            Record.objects.filter(pk=record.pk).update(
                last_error=f"{type(error).__name__}: {error}"[:2000],
                leased_until=DatabaseClock() + FIRST_DELAY * 2 ** (record.attempts - 1),
            )
            raise
        written.append(record.pk)
    return written


def _take_next() -> Record | None:
    """Takes a record that is to be written, for the time of a lease. None when nothing is due."""
    with transaction.atomic(durable=True):
        record = (
            Record.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("consultation")
            .filter(written_at__isnull=True, leased_until__lte=DatabaseClock(), attempts__lt=MOST_ATTEMPTS)
            .filter(closed_at=F("consultation__closed_at"))
            .order_by("pk")
            .first()
        )
        if record is not None:
            record.attempts += 1
            Record.objects.filter(pk=record.pk).update(
                attempts=record.attempts, leased_until=DatabaseClock() + LEASE, last_error=""
            )
        return record


def _write(record: Record) -> None:
    consultation = record.consultation
    # A name of its own for each attempt: a worker that was too slow never writes over its successor's file.
    stamp = f"{record.closed_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
    folder = f"records/{consultation.slug}/{stamp}"
    read_at = database_now()
    with scratch_file() as file:
        written = write_archive(consultation, record.closed_at, cast(BinaryIO, file), read_at=read_at)
        file.seek(0)
        for earlier in range(1, record.attempts):
            default_storage.delete(f"{folder}/record-{earlier}.zip")
        name = default_storage.save(f"{folder}/record-{record.attempts}.zip", File(file))
    # Written once: the row is the proof, and a second writer finds it set.
    done = Record.objects.filter(pk=record.pk, written_at__isnull=True, attempts=record.attempts).update(
        written_at=DatabaseClock(),
        read_at=read_at,
        file=name,
        submission_count=written.submissions,
        row_count=written.rows,
        byte_count=written.bytes,
        sha256=written.sha256,
    )
    if not done:
        default_storage.delete(name)
