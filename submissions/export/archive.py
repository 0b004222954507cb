"""The record of a closed consultation: one zip, written front to back.

It holds the contributions for spreadsheets and for programs, the submissions, JSON Lines, a data dictionary, a README
with the counts, and the SHA-256 of each file. It says what counted when intake closed and nothing of when it was
written, so that writing it again gives the same bytes of every file: verification.py rests on that.
"""

import csv
import hashlib
import io
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, QuerySet, Value

from submissions.export.columns import english
from submissions.export.formats import MEANS, write
from submissions.export.layouts import table
from submissions.export.pg_copy import run_query, snapshot
from submissions.export.sink import Sink
from submissions.export.table import Table
from submissions.models import (
    Audience,
    Contribution,
    Erasure,
    Format,
    FormerRecord,
    LateAttempt,
    Layout,
    Profile,
    StakeholderGroup,
    Submission,
    Withdrawal,
)
from submissions.signals import AddedFile, files_of_the_record
from submissions.text.regions import region_names
from themes.fields import source_text
from themes.models import Consultation, Extension
from themes.templatetags.deadline import cutoff_in_words
from themes.wording import as_of

SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Member:
    """A file of the record that is a table."""

    name: str
    layout: Layout
    format: Format
    profile: Profile


MEMBERS = (
    Member("contributions-spreadsheet.csv", Layout.CONTRIBUTIONS, Format.CSV, Profile.SPREADSHEET),
    Member("contributions-verbatim.csv", Layout.CONTRIBUTIONS, Format.CSV, Profile.VERBATIM),
    Member("contributions.jsonl", Layout.CONTRIBUTIONS, Format.JSON_LINES, Profile.VERBATIM),
    Member("submissions-spreadsheet.csv", Layout.SUBMISSIONS, Format.CSV, Profile.SPREADSHEET),
    Member("proposals-spreadsheet.csv", Layout.PROPOSALS, Format.CSV, Profile.SPREADSHEET),
)


@dataclass(frozen=True)
class Archive:
    """What was written: submissions, contributions, bytes, and the SHA-256 of the whole zip."""

    submissions: int
    rows: int
    bytes: int
    sha256: str


def table_of(member: Member, consultation: Consultation, closed_at: datetime) -> Table:
    standing = Submission.objects.standing_at(closed_at)
    return table(member.layout, standing, consultation=consultation, audience=Audience.FULL)


def added_files(consultation: Consultation, closed_at: datetime) -> list[AddedFile]:
    """What other apps add to the record of a closing."""
    answers: list[Any] = files_of_the_record.send(sender=None, consultation=consultation, closed_at=closed_at)
    return [file for _receiver, files in answers for file in files]


def write_archive(
    consultation: Consultation,
    closed_at: datetime,
    to: BinaryIO,
    *,
    read_at: datetime,
    added: Sequence[AddedFile] = (),
) -> Archive:
    """Writes the record of the closing at `closed_at`. Always from the database it was written to, never a replica.

    Its words are those of the closing: a title that was corrected since changes no record (themes/wording.py).
    """
    whole, sums, rows = Sink(to), {}, {}
    consultation = as_of(consultation, closed_at)
    # A Sink has no seek, so that zipfile writes front to back, and the sum of the whole is made on the way.
    with snapshot("default") as connection, zipfile.ZipFile(cast(BinaryIO, whole), "w") as archive:
        for member in MEMBERS:
            with archive.open(_entry(member.name, closed_at), "w", force_zip64=True) as file:
                written = write(
                    table_of(member, consultation, closed_at),
                    cast(BinaryIO, file),
                    connection,
                    format=member.format,
                    profile=member.profile,
                )
            sums[member.name], rows[member.name] = written.sha256, written.rows
        documents = {"data-dictionary.csv": dictionary(consultation, closed_at)}
        described = readme(consultation, closed_at, connection, rows, read_at=read_at, added=added)
        documents["README.txt"] = "\n".join(described).encode()
        documents |= {file.name: file.content for file in added}
        for name, document in documents.items():
            archive.writestr(_entry(name, closed_at), document)
            sums[name] = hashlib.sha256(document).hexdigest()
        lines = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
        archive.writestr(_entry(SUMS, closed_at), lines.encode())
        submissions = _how_many(_standing(consultation, closed_at), connection)
    return Archive(submissions, rows[MEMBERS[0].name], whole.size, whole.digest.hexdigest())


def _entry(name: str, closed_at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, closed_at.astimezone(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _standing(consultation: Consultation, closed_at: datetime) -> QuerySet[Submission]:
    return Submission.objects.standing_at(closed_at).filter(consultation=consultation).order_by()


def _how_many(query: QuerySet[Any], connection: BaseDatabaseWrapper, what: Count | None = None) -> int:
    # Grouped by a constant: an aggregate in values() alone would be grouped by the row.
    counted = query.order_by().annotate(every=Value(1)).values("every").annotate(n=what or Count("pk"))
    return sum(n for _every, n in run_query(counted.values_list("every", "n"), connection))


def _by(field: str, query: QuerySet[Any], connection: BaseDatabaseWrapper) -> dict[Any, int]:
    counted = query.order_by().values(field).annotate(n=Count("pk")).values_list(field, "n")
    return dict(cast(list[tuple[Any, int]], run_query(counted, connection)))


def dictionary(consultation: Consultation, closed_at: datetime) -> bytes:
    """Every column of every table: its file, its header, what it means."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(["file", "column", "meaning"])
    for member in MEMBERS:
        for column in table_of(member, consultation, closed_at).columns:
            writer.writerow([member.name, column.header, column.meaning])
    return b"\xef\xbb\xbf" + lines.getvalue().encode()


def readme(
    consultation: Consultation,
    closed_at: datetime,
    connection: BaseDatabaseWrapper,
    rows: dict[str, int],
    *,
    read_at: datetime | None,
    added: Sequence[AddedFile] = (),
) -> Iterator[str]:
    """What the archive is, how it is to be read, and its counts. In English, whoever reads it.

    Args:
        read_at: until when late attempts are counted.
    """
    standing = _standing(consultation, closed_at)
    sendings = Submission.objects.filter(consultation=consultation, received_at__lt=closed_at).order_by()
    withdrawn = Withdrawal.objects.filter(submission__consultation=consultation, withdrawn_at__lt=closed_at)
    late = LateAttempt.objects.filter(consultation=consultation, arrived_at__lt=read_at or closed_at)

    yield from (
        f"Record of: {source_text(consultation, 'title')}",
        f"Document: {source_text(consultation, 'document_title')}",
        "",
    )
    when = f"{closed_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"Intake closed at {cutoff_in_words(closed_at, consultation.time_zone)} ({when})."
    changes = Extension.objects.filter(consultation=consultation).order_by("announced_at", "pk")
    moved = [change for change in changes if change.announced_at <= closed_at]
    yield "Changes of the cutoff:" if moved else "The cutoff was never changed."
    for change in moved:
        yield f"- {change} ({change.kind}), announced {change.announced_at:%Y-%m-%d %H:%M} UTC: {change.reason}"
    references = _how_many(sendings, connection, Count("reference", distinct=True))
    yield from (
        "",
        f"Submissions in this record: {_how_many(standing, connection)}",
        f"Contributions in this record: {rows[MEMBERS[0].name]}",
        f"Submissions received, withdrawn ones included: {references}",
        f"Sendings received, amendments included: {_how_many(sendings, connection)}",
        f"Withdrawn: {_how_many(withdrawn, connection)}",
        f"Attempts that came too late, kept without their content: {_how_many(late, connection)}",
    )
    yield from _breakdown("By theme", _by_theme(consultation, standing, connection))
    groups = english(StakeholderGroup.choices)
    by_group = _by("stakeholder_group", standing, connection)
    yield from _breakdown("By stakeholder group", {words: by_group.get(code, 0) for code, words in groups.items()})
    by_region: dict[str, int] = dict.fromkeys(sorted(set(region_names().values())), 0)
    for country, n in _by("country", standing, connection).items():
        by_region[region_names().get(country, country)] += n
    yield from _breakdown("By region (UN M49)", by_region)
    yield from _erasures(consultation, closed_at, connection)
    yield from (
        "",
        "Files. Each CSV has one header row, and data-dictionary.csv explains every column.",
        *_wrapped("…-spreadsheet.csv", MEANS[Profile.SPREADSHEET]),
        *_wrapped("…-verbatim.csv", MEANS[Profile.VERBATIM]),
        *_wrapped("contributions.jsonl", "One JSON object a line in UTF-8, every text exactly as it was written."),
        *(line for file in added for line in _wrapped(file.name, file.meaning)),
        f"- {SUMS}: check with `sha256sum --check {SUMS}`.",
        "",
        "Personal data: names and e-mail addresses stand in it. It is for the secretariat alone.",
        "",
    )


def _erasures(consultation: Consultation, closed_at: datetime, connection: BaseDatabaseWrapper) -> Iterator[str]:
    """What is not in it any more, so that receipts, and copies of before, can be explained."""
    sent = Submission.objects.filter(consultation=consultation, received_at__lt=closed_at).values("reference")
    erased = Erasure.objects.filter(reference__in=sent)
    by_request = erased.filter(why=Erasure.Why.REQUEST).order_by("erased_at", "pk")
    by_period = _how_many(erased.filter(why=Erasure.Why.PERIOD), connection, Count("reference", distinct=True))
    asked = list(run_query(by_request.values_list("erased_at", "reference", "what"), connection))
    if not asked and not by_period:
        return
    yield from ("", "Personal data that was erased or corrected since. Receipts keep the SHA-256 of what was received.")
    what = english(Erasure.What.choices)
    yield from (f"- {at.astimezone(UTC):%Y-%m-%d} UTC, {reference}: {what[kind]}" for at, reference, kind in asked)
    if by_period:
        yield f"- {by_period} submissions: name and address, when their period was over"
    former = FormerRecord.objects.filter(record__consultation=consultation, record__closed_at=closed_at)
    sums = run_query(former.order_by("pk").values_list("replaced_at", "sha256"), connection)
    yield from (
        f"- Until {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC this archive had the SHA-256 {old}" for at, old in sums
    )


def _wrapped(name: str, meaning: str) -> list[str]:
    return textwrap.wrap(f"- {name}: {meaning}", 112, subsequent_indent="  ")


def _by_theme(
    consultation: Consultation, standing: QuerySet[Submission], connection: BaseDatabaseWrapper
) -> dict[str, int]:
    texts = Contribution.objects.filter(submission__in=standing.values("pk")).order_by()
    counts = _by("theme_id", texts, connection)
    return {
        f"{theme.sign}. {source_text(theme, 'title')}": counts.get(theme.pk, 0) for theme in consultation.themes.all()
    }


def _breakdown(title: str, counts: dict[str, int]) -> Iterator[str]:
    yield from ("", f"{title}:", *(f"- {name}: {n}" for name, n in counts.items()))
