"""The README that goes with an export: what it is, how to read it, how to check that it is whole. In English."""

import textwrap
from collections.abc import Iterator
from datetime import UTC

from submissions.export.formats import MEANS
from submissions.export.spec import ExportSpec
from submissions.models import Audience, Export, Format, Submission
from themes.fields import source_text

FOR_WHOM = {
    Audience.FULL: "Contact names and e-mail addresses stand in it. It is for the secretariat alone.",
    Audience.WORKSPACE: "It holds no contact names and no e-mail addresses, and texts that may not be published.",
    Audience.PUBLIC: "It holds what the stakeholders' consent allows to be published, and nothing else.",
}


def readme(export: Export, spec: ExportSpec, file_name: str) -> str:
    return "\n".join(_lines(export, spec, file_name))


def _lines(export: Export, spec: ExportSpec, file_name: str) -> Iterator[str]:
    yield from (file_name, "=" * len(file_name), "")
    yield f"Consultation: {source_text(export.consultation, 'title')}"
    yield f"Rows: {export.layout}; format: {export.format}; for: {export.audience}"
    yield from (f"Area: {area.sign}. {source_text(area, 'title')}" for area in spec.areas)
    filters = export.filters_in_words.splitlines() or ["none: everything that counts"]
    yield from ("Filters of the list:", *(f"- {line}" for line in filters))
    requested = f"{export.requested_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"Asked for by {export.requested_by_name} on {requested}"
    if export.finished_at:
        yield f"Written on {export.finished_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"{export.rows_done} rows, {export.byte_count} bytes"
    yield from (f"SHA-256: {export.sha256}", "")
    yield from textwrap.wrap(FOR_WHOM[spec.audience], 100)
    if spec.format is Format.CSV:
        yield from ("", f"Profile: {spec.profile}", *textwrap.wrap(MEANS[spec.profile], 100))
        if export.long_cells:
            yield from textwrap.wrap(
                f"{export.long_cells} texts are longer than a spreadsheet's cell can be (32,767 units). Here they are "
                "whole, but a spreadsheet that opens this file cuts them. An Excel file has them on a sheet apart.",
                100,
            )
    if spec.format is Format.JSON_LINES:
        yield from ("", "One JSON object a line, in UTF-8; every text exactly as it was written.")
    if spec.format is Format.XLSX:
        yield from ("", "Every text is stored as text: nothing in it is run, and nothing stands before it.")
        yield "Times are dates of the workbook, in UTC, to the millisecond."
        if export.long_cells:
            yield f"{export.long_cells} texts are longer than a cell can be (32,767 units). Each says so where it is"
            yield "cut, and stands whole on the sheet “Long texts”, piece below piece."
    if not spec.is_compilation:
        yield from ("", "Columns")
        for column in spec.table(Submission.objects.none()).columns:
            yield f"- {column.header}: {column.meaning}"
    yield ""
