"""The formats: how the rows of a table become the bytes of a file."""

import csv
import io
import json
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import IO, Any, BinaryIO

from django.db.backends.base.base import BaseDatabaseWrapper

from submissions.export.excel import write_xlsx
from submissions.export.pg_copy import copy_csv, copy_json_lines, fetch_rows
from submissions.export.sink import Progress, Sink, Written, quiet
from submissions.export.table import Table
from submissions.models import Format, Profile

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WRITE_BYTES = 1 << 18  # bytes
MEANS = {
    Profile.SPREADSHEET: (
        "CSV after RFC 4180 in UTF-8 with a byte order mark, for spreadsheets. A cell that a spreadsheet would run as "
        "a formula starts with an apostrophe, and a text that itself starts with one has one more. Take one leading "
        "apostrophe away from any cell, and you have the exact text."
    ),
    Profile.VERBATIM: (
        "CSV after RFC 4180 in UTF-8, for programs: every text exactly as it was written. Do not open it in a "
        "spreadsheet, which would run what looks like a formula."
    ),
}


def write(
    table: Table,
    to: BinaryIO,
    connection: BaseDatabaseWrapper,
    *,
    format: Format | str,  # noqa: A002 - the field's own word
    profile: Profile | str = Profile.SPREADSHEET,
    progress: Progress = quiet,
) -> Written:
    """Writes a table to `to`. An error anywhere is raised, never swallowed: half a file is no export.

    Args:
        own: the connection of a `snapshot`.
    """
    match Format(format):
        case Format.CSV:
            return _write_csv(
                table, to, connection, is_marked=Profile(profile) is Profile.SPREADSHEET, progress=progress
            )
        case Format.JSON_LINES:
            sink = Sink(to)
            rows = _pass_on(copy_json_lines(table, connection), sink, end=b"\n", progress=progress)
            return Written(rows, sink.size, sink.digest.hexdigest())
        case Format.XLSX:
            return write_xlsx(table, to, fetch_rows(table, connection), progress=progress)
        case Format.DOCX:
            raise ValueError("A compilation is no table; compilation.py writes it.")


def _write_csv(
    table: Table, to: BinaryIO, connection: BaseDatabaseWrapper, *, is_marked: bool, progress: Progress
) -> Written:
    """RFC 4180 in UTF-8. The byte order mark is for spreadsheets, which take the file for another encoding without."""
    sink = Sink(to)
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(table.headers)
    sink.write((BYTE_ORDER_MARK if is_marked else b"") + line.getvalue().encode())
    rows = _pass_on(copy_csv(table, connection, is_marked=is_marked), sink, end=b"\r\n", progress=progress)
    return Written(rows, sink.size, sink.digest.hexdigest())


def _pass_on(rows: Generator[Any], sink: Sink, *, end: bytes, progress: Progress) -> int:
    """PostgreSQL sends one row a buffer and ends it with LF; they leave in large pieces, ended as `end`."""
    count, piece = 0, bytearray()
    # Closed at once when a write fails: a COPY that nobody reads to its end holds its connection for ever.
    with closing(rows):
        for row in rows:
            piece += row
            piece[-1:] = end
            count += 1
            if len(piece) > WRITE_BYTES:
                sink.write(piece)
                piece = bytearray()
                progress(count)
    sink.write(piece)
    progress(count)
    return count


def read_rows(file: IO[bytes], format: Format) -> Iterator[Any]:  # noqa: A002 - the field's own word
    """The rows of a file that was written here, one by one: lists of cells, or the objects of JSON Lines."""
    if format is Format.CSV:
        # Undecodable bytes come back as something that no text of ours holds, so that a comparison sees them.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="backslashreplace", newline="")
        yield from csv.reader(text)
        text.detach()
    else:
        yield from (json.loads(line) for line in file)
