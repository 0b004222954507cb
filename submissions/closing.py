"""What follows a closing: the record. The handshake with the sweep that closes is a row, `closed_at`, no more."""

import tempfile
from datetime import UTC

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from submissions import export
from submissions.models import Record, Submission
from themes.cutoff import database_now
from themes.models import Consultation

# Advisory lock: one writer of a consultation's record at a time; PostgreSQL lets go of it when the worker dies.
LOCK_SPACE = 0x57534954


def write_due_records() -> list[int]:
    """Writes the record of every closed consultation that has none. Running it twice is harmless.

    Returns:
        The ids of the records that this call wrote.
    """
    written = Record.objects.filter(consultation=OuterRef("pk"), closed_at=OuterRef("closed_at"))
    due = Consultation.objects.filter(~Exists(written), closed_at__isnull=False).values_list("pk", flat=True)
    return [record.pk for pk in list(due) if (record := _write(pk)) is not None]


def _write(consultation_id: int) -> Record | None:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, consultation_id])
            if not cursor.fetchone()[0]:
                return None
        consultation = Consultation.objects.get(pk=consultation_id)
        closed_at = consultation.closed_at
        if closed_at is None or Record.objects.filter(consultation=consultation, closed_at=closed_at).exists():
            return None
        name = f"records/{consultation.slug}/{closed_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}/contributions.csv"
        with tempfile.TemporaryFile() as file:
            written = export.write_csv(export.rows_of(Submission.objects.filter(consultation=consultation)), file)
            file.seek(0)
            # A worker that died after writing the file and before writing the row left one behind.
            default_storage.delete(name)
            stored_as = default_storage.save(name, File(file))
        return Record.objects.create(
            consultation=consultation,
            closed_at=closed_at,
            written_at=database_now(),
            file=stored_as,
            submission_count=written.submissions,
            row_count=written.rows,
            byte_count=written.bytes,
            sha256=written.sha256,
        )
