"""Exports build_table in this process, and read back cell by cell."""

import csv
import io
import zipfile

from submissions.export.formats import BYTE_ORDER_MARK, write
from submissions.export.layouts import table
from submissions.export.pg_copy import snapshot
from submissions.export.sink import Written
from submissions.models import Record, Submission
from themes.models import Consultation


def build_table(layout="contributions", audience="full", submissions=None, **options):
    chosen = Submission.objects.all() if submissions is None else submissions
    return table(layout, chosen, consultation=Consultation.objects.get(), audience=audience, **options)


def exported(of=None, *, format="csv", profile="spreadsheet", **options) -> tuple[bytes, Written]:  # noqa: A002
    file = io.BytesIO()
    with snapshot() as connection:
        result = write(of or build_table(**options), file, connection, format=format, profile=profile)
    return file.getvalue(), result


def parsed(content: bytes) -> list[list[str]]:
    assert content.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(content[3:].decode("utf-8"), newline="")))


def in_record(submit: Record, name: str = "contributions-spreadsheet.csv") -> list[list[str]]:
    """The rows of a file of the record, without its header."""
    with submit.file.open("rb") as file, zipfile.ZipFile(file) as archive:
        return parsed(archive.read(name))[1:]
