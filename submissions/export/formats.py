"""The formats: how the rows of a table become the bytes of a file."""

import csv
import io
import json
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import IO, Any, BinaryIO

from django.db.backends.base.base import BaseDatabaseWrapper

from submissions.export.excel import MAX_CELL_UNITS, units, write_xlsx
from submissions.export.pg_copy import copy_csv, copy_json_lines, fetch_rows
from submissions.export.sink import Progress, Sink, Written, quiet
from submissions.export.table import Table
from submissions.models import Format, Profile

# A cell may hold many notes, one after the other.
csv.field_size_limit(sys.maxsize)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WRITE_BYTES = 1 << 18  # bytes
DELIMITERS = {Profile.SEMICOLONS: ";"}
MEANS = {
    Profile.SPREADSHEET: (
        "CSV after RFC 4180 in UTF-8 with a byte order mark, for spreadsheets. A cell that a spreadsheet would run as "
        "a formula starts with an apostrophe, and a text that itself starts with one has one more. Take one leading "
        "apostrophe away from any cell, and you have the exact text."
    ),
    Profile.SEMICOLONS: (
        "CSV in UTF-8 with a byte order mark, and semicolons between cells, as spreadsheets of many countries expect "
        "it. A cell that a spreadsheet would run as a formula starts with an apostrophe, and a text that itself starts "
        "with one has one more. Take one leading apostrophe away from any cell, and you have the exact text."
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
            return _write_csv(table, to, connection, profile=Profile(profile), progress=progress)
        case Format.JSON_LINES:
            sink = Sink(to)
            rows, _long = _pass_on(copy_json_lines(table, connection), sink, end=b"\n", progress=progress)
            return Written(rows, sink.size, sink.digest.hexdigest())
        case Format.XLSX:
            return write_xlsx(table, to, fetch_rows(table, connection), progress=progress)
        case Format.DOCX | Format.HTML:
            raise ValueError("A compilation is no table; compilation/ writes it.")


def _write_csv(
    table: Table, to: BinaryIO, connection: BaseDatabaseWrapper, *, profile: Profile, progress: Progress
) -> Written:
    """RFC 4180 in UTF-8. The byte order mark is for spreadsheets, which take the file for another encoding without."""
    sink = Sink(to)
    line = io.StringIO(newline="")
    is_marked, delimiter = profile is not Profile.VERBATIM, DELIMITERS.get(profile, ",")
    csv.writer(line, delimiter=delimiter, lineterminator="\r\n").writerow(table.headers)
    sink.write((BYTE_ORDER_MARK if is_marked else b"") + line.getvalue().encode())
    copied = copy_csv(table, connection, is_marked=is_marked, delimiter=delimiter)
    # A program has no cells that a text could be too long for.
    rows, long = _pass_on(copied, sink, end=b"\r\n", cells=delimiter if is_marked else "", progress=progress)
    return Written(rows, sink.size, sink.digest.hexdigest(), long)


def _long_cells(row: bytes, delimiter: str) -> int:
    """How many of a row's texts a spreadsheet would cut."""
    if len(row) <= MAX_CELL_UNITS:
        return 0
    text = io.StringIO(bytes(row).decode(), newline="")
    return sum(units(cell) > MAX_CELL_UNITS for cells in csv.reader(text, delimiter=delimiter) for cell in cells)


def _pass_on(rows: Generator[Any], sink: Sink, *, end: bytes, progress: Progress, cells: str = "") -> tuple[int, int]:
    """PostgreSQL sends one row a buffer and ends it with LF; they leave in large pieces, ended as `end`.

    Args:
        cells: what stands between the cells, where those that are too long for a spreadsheet are to be counted.

    Returns:
        How many rows, and how many cells that are too long.
    """
    count, long, piece = 0, 0, bytearray()
    # Closed at once when a write fails: a COPY that nobody reads to its end holds its connection for ever.
    with closing(rows):
        for row in rows:
            long += _long_cells(row, cells) if cells else 0
            piece += row
            piece[-1:] = end
            count += 1
            if len(piece) > WRITE_BYTES:
                sink.write(piece)
                piece = bytearray()
                progress(count)
    sink.write(piece)
    progress(count)
    return count, long


def read_rows(file: IO[bytes], format: Format) -> Iterator[Any]:  # noqa: A002 - the field's own word
    """The rows of a file that was written here, one by one: lists of cells, or the objects of JSON Lines."""
    if format is Format.CSV:
        # Undecodable bytes come back as something that no text of ours holds, so that a comparison sees them.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="backslashreplace", newline="")
        yield from csv.reader(text)
        text.detach()
    else:
        yield from (json.loads(line) for line in file)
