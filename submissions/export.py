"""The only way out: columns as data, one safe writer. The task, the admin and the command share it.

The file is CSV after RFC 4180 in UTF-8 with a byte order mark, one row per contribution, made inert for spreadsheets
(spreadsheet.py says how, and how to get the exact text back). It is written row by row from a server-side cursor, so
its length costs time and no memory.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import BinaryIO

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation

from submissions.models import Contribution, Submission, Withdrawal
from submissions.spreadsheet import make_inert

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
A_FETCH = 500  # rows of up to some 100 kB each


@dataclass(frozen=True)
class Column:
    """A column's header, which never changes, and the cell of a contribution, as text."""

    header: str
    cell: Callable[[Contribution], str]


def _proposals(contribution: Contribution) -> str:
    """The rows of proposed wording, each as three labelled lines, one blank line between them."""
    return "\n\n".join(
        f"Paragraph: {row.paragraph}\nProposed wording: {row.wording}\nReason: {row.reason}"
        for row in contribution.proposals.all()
    )


COLUMNS: tuple[Column, ...] = (
    Column("reference", lambda row: row.submission.reference),
    Column("consultation", lambda row: row.submission.consultation.slug),
    Column("theme_number", lambda row: row.theme.sign),
    Column("theme", lambda row: row.theme.title),
    Column(
        "submitted_at",
        lambda row: row.submission.received_at.astimezone(UTC).isoformat(timespec="microseconds"),
    ),
    Column("submitting_as", lambda row: row.submission.get_submitting_as_display()),
    Column("organisation", lambda row: row.submission.organisation),
    Column("stakeholder_group", lambda row: row.submission.get_stakeholder_group_display()),
    Column("country", lambda row: row.submission.country_name),
    Column("contact_name", lambda row: row.submission.contact_name),
    Column("email", lambda row: row.submission.email),
    Column("consent", lambda row: row.consent),
    Column("language", lambda row: row.submission.language),
    Column("words", lambda row: str(row.words)),
    Column("text", lambda row: row.text),
    Column("proposals", _proposals),
)


@dataclass(frozen=True)
class Written:
    """What was written: rows without the header, submissions, bytes, and the SHA-256 of all bytes."""

    rows: int
    submissions: int
    bytes: int
    sha256: str


def rows_of(submissions: QuerySet[Submission]) -> QuerySet[Contribution]:
    """The contributions of `submissions`, in the order of every export: by arrival, then by theme.

    What was withdrawn is in no export, whoever asks for it.
    """
    withdrawn = Withdrawal.objects.filter(reference=OuterRef("submission__reference"))
    return (
        Contribution.objects.filter(~Exists(withdrawn), submission__in=submissions.order_by().values("pk"))
        .select_related("submission__consultation", "theme")
        .prefetch_related("proposals")
        .order_by("submission__received_at", "submission_id", "theme__number")
    )


def write_csv(contributions: QuerySet[Contribution], to: BinaryIO) -> Written:
    """Writes `contributions` to `to`. An error anywhere is raised, never swallowed: half a file is no export."""
    digest, size, rows, submissions, last = hashlib.sha256(), 0, 0, 0, None
    # The headers and words of the file are English whatever language the reader has.
    with translation.override("en"):
        for chunk, contribution in _chunks(contributions.iterator(chunk_size=A_FETCH)):
            to.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            if contribution is not None:
                rows += 1
                submissions += contribution.submission_id != last
                last = contribution.submission_id
    return Written(rows=rows, submissions=submissions, bytes=size, sha256=digest.hexdigest())


def _chunks(contributions: Iterable[Contribution]) -> Iterator[tuple[bytes, Contribution | None]]:
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")

    def taken() -> bytes:
        chunk = line.getvalue().encode()
        line.seek(0)
        line.truncate()
        return chunk

    writer.writerow(column.header for column in COLUMNS)
    yield BYTE_ORDER_MARK + taken(), None
    for contribution in contributions:
        writer.writerow(make_inert(column.cell(contribution)) for column in COLUMNS)
        yield taken(), contribution
