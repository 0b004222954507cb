"""What was written on one area, as a Word file to read: counts first, then every contribution, group by group.

python-docx keeps a whole document in memory, some fifty times the text. So it makes the frame, with its styles and
counts, and a mark in the place of the contributions, which are then written into the zip one by one.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from typing import BinaryIO, cast
from xml.sax.saxutils import escape

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.documents.docx_writer import UNWRITABLE, new_document
from submissions.export.pg_copy import count_rows, fetch_rows
from submissions.export.sink import Progress, Sink, Written
from submissions.export.table import Table
from submissions.models import language_name
from submissions.text.direction import is_rtl
from submissions.text.regions import region_label
from themes.models import Theme

BODY = "word/document.xml"
MARK = "THE-CONTRIBUTIONS-STAND-HERE"
PROGRESS_ROWS = 100
# The styles of python-docx's own template, by their ids in the file.
GROUP, SENDER, PLAIN, QUOTE = "Heading2", "Heading3", "Normal", "Quote"


def write_compilation(
    table: Table, theme: Theme, to: BinaryIO, connection: BaseDatabaseWrapper, *, progress: Progress
) -> Written:
    """Writes the cells of `compilation_cells.compilation`. Memory does not grow with their number."""
    sink = Sink(to)
    with (
        zipfile.ZipFile(io.BytesIO(_frame(table, theme, connection))) as frame,
        zipfile.ZipFile(cast(BinaryIO, sink), "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        body = frame.read(BODY).decode()
        start = body.rindex("<w:p>", 0, body.index(MARK))
        end = body.index("</w:p>", start) + len("</w:p>")
        for entry in frame.infolist():
            if entry.filename != BODY:
                archive.writestr(entry, frame.read(entry), zipfile.ZIP_DEFLATED)
        rows = 0
        with archive.open(zipfile.ZipInfo(BODY), "w", force_zip64=True) as file:
            file.write(body[:start].encode())
            with closing(fetch_rows(table, connection, batch=100)) as fetched:
                for number, paragraphs in _contributions(table, fetched):
                    file.write("".join(paragraphs).encode())
                    if number > rows and number % PROGRESS_ROWS == 0:
                        progress(number)
                    rows = number
            file.write(body[end:].encode())
    progress(rows)
    return Written(rows, sink.size, sink.digest.hexdigest())


def _frame(table: Table, theme: Theme, connection: BaseDatabaseWrapper) -> bytes:
    title = f"{theme.sign}. {theme.title}"
    document = new_document(title)
    document.add_heading(title, level=1)
    if theme.prompt:
        document.add_paragraph(theme.prompt, style="Quote")
    by_group, by_region = count_rows(table, connection, "stakeholder_group"), count_rows(table, connection, "region")
    total = sum(by_group.values())
    sentence = ngettext("%(n)d contribution is shown below.", "%(n)d contributions are shown below.", total)
    document.add_paragraph(sentence % {"n": total})
    in_words = {region_label(name): n for (name,), n in by_region.items()}
    groups = {name: n for (name,), n in by_group.items()}
    for heading, counts in ((_("By stakeholder group"), groups), (_("By region (UN M49)"), in_words)):
        document.add_heading(heading, level=2)
        counted_cells = document.add_table(rows=0, cols=2, style="Table Grid")
        for name, n in sorted(counts.items(), key=lambda pair: -pair[1]):
            cells = counted_cells.add_row().cells
            cells[0].text, cells[1].text = name or _("Published without a name"), str(n)
    document.add_paragraph(MARK)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _contributions(table: Table, fetched: Iterator[tuple[str, ...]]) -> Iterator[tuple[int, Iterator[str]]]:
    """The paragraphs of each contribution, with its number; a group's heading has the number of the one before."""
    rows = (dict(zip(table.headers, row, strict=True)) for row in fetched)
    number = 0
    for group, members in groupby(rows, key=lambda row: row["stakeholder_group"]):
        yield number, iter([_paragraph(group or _("Published without a name"), GROUP)])
        for row in members:
            number += 1
            yield number, _contribution(row)


def _contribution(row: dict[str, str]) -> Iterator[str]:
    # Who is not named in this file may have agreed to be: only for the public they are anonymous.
    sender = row["sender"] if "sender" in row else row["published_as"] or _("Anonymous")
    words = {"late": _("Late"), "none": _("Not to be published"), "set-aside": _("Set aside")}
    marks = [words[mark] for mark in row["marks"].split()]
    about = (sender, row["country"], row["reference"], language_name(row["language"]), *marks)
    yield _paragraph(" · ".join(part for part in about if part), SENDER)
    for part in row["text"].split("\n\n"):
        if part:
            yield _paragraph(part, PLAIN)
    for proposal in row["proposals"].split("\n\n"):
        if proposal:
            yield _paragraph(proposal, QUOTE)


def _paragraph(text: str, style: str) -> str:
    """One paragraph of WordprocessingML; a line's end is a break within it."""
    before, within = ("<w:bidi/>", "<w:rPr><w:rtl/></w:rPr>") if is_rtl(text) else ("", "")
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in UNWRITABLE.sub("\ufffd", text).split("\n")
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{before}</w:pPr><w:r>{within}{lines}</w:r></w:p>'
