"""An Excel workbook, row by row in constant memory. Every text is typed as text, so nothing in it is ever run.

A cell holds 32,767 UTF-16 units and a sheet 1,048,576 rows. A longer text is cut in the cell, which says so, and stands
whole on the sheet “Long texts”, piece below piece; more rows go on to a next sheet. Nothing is lost.
"""

import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, BinaryIO

import xlsxwriter

from submissions.export.scratch import scratch_folder
from submissions.export.sink import Progress, Sink, Written
from submissions.export.table import Table

MAX_CELL_UNITS = 32_767  # UTF-16 units
MAX_ROWS = 1_048_576
NOTE = " […] continued on the sheet “Long texts”"
PROGRESS_ROWS = 1_000
TIMES = {"submitted_at", "tagged_at"}


def write_xlsx(table: Table, to: BinaryIO, rows: Generator[tuple[Any, ...]], *, progress: Progress) -> Written:
    with (
        tempfile.TemporaryDirectory(dir=scratch_folder()) as folder,
        tempfile.TemporaryFile(dir=folder) as workbook_file,
    ):
        book = xlsxwriter.Workbook(
            workbook_file,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "use_zip64": True,
            },
        )
        writer = _Writer(book, table)
        count = 0
        try:
            with closing(rows):
                for row in rows:
                    writer.add(row)
                    count += 1
                    if count % PROGRESS_ROWS == 0:
                        progress(count)
        except BaseException:
            # Each sheet's rows grow in a file of its own; one that is given up is closed before its folder goes.
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            raise
        writer.end()
        book.close()
        progress(count)
        sink = Sink(to)
        workbook_file.seek(0)
        while chunk := workbook_file.read(1 << 18):
            sink.write(chunk)
    return Written(count, sink.size, sink.digest.hexdigest(), writer.long_cells)


class _Writer:
    def __init__(self, book: Any, table: Table) -> None:
        self.book, self.headers = book, table.headers
        self.bold = book.add_format({"bold": True, "text_wrap": True})
        self.cell = book.add_format({"text_wrap": True, "valign": "top"})
        # Texts are read in a wide column; what a person types in a line needs no more than the others.
        self.widths = [60 if column.is_long else 18 for column in table.columns]
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"})
        self.times = {place for place, header in enumerate(table.headers) if header in TIMES}
        self.numbers = {place for place, header in enumerate(table.headers) if header == "theme_number"}
        self.sheets = 0
        self.long_cells = 0
        self.long_row = 0
        self._next_sheet()
        self.long: Any = None

    def _next_sheet(self) -> None:
        self.sheets += 1
        self.sheet = self.book.add_worksheet("Rows" if self.sheets == 1 else f"Rows {self.sheets}")
        self.sheet.freeze_panes(1, 1)
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width, self.cell)
        # Three lines: a row as high as its text would fill the screen.
        self.sheet.set_default_row(45)
        for place, header in enumerate(self.headers):
            self.sheet.write_string(0, place, header, self.bold)
        self.row = 1

    def add(self, row: tuple[Any, ...]) -> None:
        if self.row == MAX_ROWS:
            self._next_sheet()
        for place, cell in enumerate(row):
            # An area's number is text, because a question's is “Q1”.
            if isinstance(cell, int) or (place in self.numbers and cell.isdigit()):
                self.sheet.write_number(self.row, place, int(cell), self.cell)
            elif cell and place in self.times:
                # A workbook knows no zone: the README says that it is UTC. It keeps milliseconds.
                at = datetime.fromisoformat(cell).replace(tzinfo=None)
                self.sheet.write_datetime(self.row, place, at, self.time)
            elif cell:
                self.sheet.write_string(self.row, place, self._fitting(cell, place), self.cell)
        self.row += 1

    def end(self) -> None:
        """Every header filters its column."""
        for sheet in self.book.worksheets():
            if sheet is not self.long:
                sheet.autofilter(0, 0, sheet.dim_rowmax or 0, len(self.headers) - 1)

    def _fitting(self, text: str, place: int) -> str:
        # Only a text of half that many characters can have so many units.
        if len(text) <= MAX_CELL_UNITS // 2 or units(text) <= MAX_CELL_UNITS:
            return text
        if self.long is None:
            self.long = self.book.add_worksheet("Long texts")
            for column, header in enumerate(("sheet", "row", "column", "piece", "text")):
                self.long.write_string(0, column, header, self.bold)
        self.long_cells += 1
        for number, piece in enumerate(pieces(text, MAX_CELL_UNITS), start=1):
            self.long_row += 1
            self.long.write_number(self.long_row, 0, self.sheets)
            self.long.write_number(self.long_row, 1, self.row + 1)
            self.long.write_string(self.long_row, 2, self.headers[place])
            self.long.write_number(self.long_row, 3, number)
            self.long.write_string(self.long_row, 4, piece)
        return next(pieces(text, MAX_CELL_UNITS - len(NOTE))) + NOTE


def units(text: str) -> int:
    """How long a text is as Excel counts: a sign beyond the first plane is two."""
    return len(text.encode("utf-16-le")) // 2


def pieces(text: str, most: int) -> Iterator[str]:
    """The text cut into pieces of at most `most` units, never within a sign."""
    start, used = 0, 0
    for place, sign in enumerate(text):
        width = 1 + (sign > "\uffff")
        if used + width > most:
            yield text[start:place]
            start, used = place, 0
        used += width
    yield text[start:]
