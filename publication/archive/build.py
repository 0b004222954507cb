"""Writes the archive, and gives it out as long as it holds nothing that is not public any more."""

import csv
import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation

from publication.archive import metadata
from publication.archive.columns import Table, tables_of
from publication.archive.proofs import proofs_of
from publication.lock import wait_for_holders_back
from publication.models import PublicArchive, Publication, PublishedText
from publication.register.checkpoints import checkpoints_of
from publication.verifier import page
from submissions.export.scratch import scratch_file
from submissions.export.sink import Sink
from submissions.text.spreadsheet import make_inert
from themes.intake import DatabaseClock
from themes.models import Consultation

logger = logging.getLogger(__name__)

SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Written:
    size: int
    sha256: str
    texts: int


def write_due() -> None:
    """Writes the archive of each round of which something is public and that has none that is up to date.

    One worker at a time (sweep.py): one that is noted and not written is of a worker that was killed.
    """
    PublicArchive.objects.filter(written_at=None).update(is_current=False)
    shown = PublishedText.objects.filter(consultation=OuterRef("pk"), is_shown=True)
    current = PublicArchive.objects.filter(consultation=OuterRef("pk"), is_current=True)
    for consultation in Consultation.objects.filter(Exists(shown), ~Exists(current)):
        try:
            _write(consultation)
        except Exception:
            logger.exception("the archive of %s", consultation)


def remove_outdated() -> None:
    """Removes the files of those that may not be given out."""
    for archive in PublicArchive.objects.filter(is_current=False).select_related("consultation"):
        try:
            default_storage.delete(_name(archive))
        except Exception:
            # It is given out no more; the next sweep tries again to remove it.
            logger.exception("archive %s: its file could not be removed", archive.pk)
            continue
        PublicArchive.objects.filter(pk=archive.pk, is_current=False).delete()


def _write(consultation: Consultation) -> None:
    """Notes the archive before anything is read: what is held back meanwhile marks it, and it is not given out."""
    archive = PublicArchive.objects.create(consultation=consultation, is_current=True)
    try:
        wait_for_holders_back(consultation.pk)
        with scratch_file() as file, transaction.atomic():
            written = write_archive(consultation, cast(BinaryIO, file))
            file.seek(0)
            name = default_storage.save(_name(archive), File(file))
    except BaseException:
        PublicArchive.objects.filter(pk=archive.pk).delete()
        raise
    rows = PublicArchive.objects.filter(pk=archive.pk)
    rows.update(file=name, size=written.size, sha256=written.sha256, texts=written.texts, written_at=DatabaseClock())


def _name(archive: PublicArchive) -> str:
    """Where its file lies, also before that is noted."""
    return str(archive.file) or f"public/{archive.consultation.slug}/{archive.pk}.zip"


def published(consultation: Consultation) -> QuerySet[Publication]:
    rows = Publication.objects.filter(consultation=consultation, published_at__isnull=False, withdrawn_at=None)
    return rows.order_by("number")


def write_archive(consultation: Consultation, to: BinaryIO) -> Written:
    """One zip, front to back. The same rows give the same bytes: nothing in it says when it was written."""
    publications = list(published(consultation))
    last, tables = publications[-1], tables_of(consultation)
    stamp, licences = cast(datetime, last.published_at), metadata.licences_of(publications)
    whole, sums, counts = Sink(to), {}, {}
    with zipfile.ZipFile(cast(BinaryIO, whole), "w") as archive:
        for table in tables:
            for kind, write in (("csv", _csv), ("jsonl", _json_lines)):
                name = f"{table.name}.{kind}"
                with archive.open(_entry(name, stamp), "w", force_zip64=True) as entry:
                    digest, counts[table.name] = _copy(write(table), cast(BinaryIO, entry))
                sums[name] = digest
        with archive.open(_entry("proofs.jsonl", stamp), "w", force_zip64=True) as entry:
            sums["proofs.jsonl"], _count = _copy(proofs_of(consultation), cast(BinaryIO, entry))
        documents = {
            "datapackage.json": metadata.as_json(metadata.data_package(consultation, last, licences, tables)),
            "csv-metadata.json": metadata.as_json(metadata.csvw(consultation, licences, tables)),
            "README.txt": "\n".join(metadata.readme(consultation, publications, tables, counts)).encode(),
            "verify.py": page.PYTHON.read_bytes(),
            "verify.html": _verifier_page(consultation),
            **checkpoints_of(consultation),
        }
        for name, document in documents.items():
            archive.writestr(_entry(name, stamp), document)
            sums[name] = hashlib.sha256(document).hexdigest()
        lines = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
        archive.writestr(_entry(SUMS, stamp), lines.encode())
    return Written(whole.size, whole.digest.hexdigest(), counts[tables[0].name])


def _verifier_page(consultation: Consultation) -> bytes:
    """In English, like all of the archive."""
    register_url = settings.PUBLIC_URL + reverse("publication:register", args=[consultation.slug])
    with translation.override("en"):
        return page.verifier_page(register_url=register_url, is_copy=True)


def _entry(name: str, stamp: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, stamp.astimezone(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _copy(lines: Iterator[bytes], to: BinaryIO) -> tuple[str, int]:
    """Writes the lines. Returns their SHA-256, and how many there were without the header."""
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        to.write(line)
        count += 1
    return digest.hexdigest(), count - 1


def _csv(table: Table) -> Iterator[bytes]:
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")

    def written(cells: list[str]) -> bytes:
        line.seek(0)
        line.truncate()
        writer.writerow(cells)
        return line.getvalue().encode()

    yield written([column.header for column in table.columns])
    for row in table.rows():
        yield written([_cell(column.value(row)) for column in table.columns])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else make_inert(str(value))


def _json_lines(table: Table) -> Iterator[bytes]:
    # Where a table has its header, so that both count alike.
    yield b""
    for row in table.rows():
        values = {column.header: column.value(row) for column in table.columns}
        yield json.dumps(values, ensure_ascii=False).encode() + b"\n"
