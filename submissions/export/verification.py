"""Recomputes a record against the database, and says the first difference."""

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, BinaryIO, cast

from submissions.export import archive
from submissions.export.archive import MEMBERS, SUMS, Member
from submissions.export.commitments import CommitmentBroken, check_commitments
from submissions.export.formats import read_rows, write
from submissions.export.pg_copy import snapshot
from submissions.export.scratch import scratch_file
from submissions.models import Format, Record
from submissions.signals import AddedFile, check_of_the_record
from themes.wording import as_of


class RecordDiffers(Exception):
    """The record is not what the database says, and here is where."""


def verify(record: Record, file: BinaryIO | None = None) -> Iterator[str]:
    """Yields a sentence for each thing that was found right.

    Args:
        file: another copy of the record, such as one that was downloaded; None takes the stored one.

    Raises:
        RecordDiffers: with the file, the row and the column of the first difference.
    """
    added = _added_files(record)
    with file or record.file.open("rb") as opened:
        yield _whole(record, opened)
        opened.seek(0)
        try:
            with zipfile.ZipFile(opened) as zipped:
                yield from _members(record, zipped, added)
        except zipfile.BadZipFile as broken:
            raise RecordDiffers(f"This is no whole archive: {broken}") from broken
    yield _bound(record)
    files = {one.name: one.content for one in added}
    answers: list[Any] = check_of_the_record.send(sender=None, record=record, files=files)
    for _receiver, sentences in answers:
        yield from sentences


def _added_files(record: Record) -> list[AddedFile]:
    """As other apps say today that they were, as far as there were any when it was written."""
    now = {one.name: one for one in archive.added_files(record.consultation, record.closed_at)}
    missing = [name for name in record.added_files if name not in now]
    if missing:
        raise RecordDiffers(f"{missing[0]}: in the record, and not in the database.")
    return [now[name] for name in record.added_files]


def _bound(record: Record) -> str:
    try:
        return f"Commitments: {check_commitments(record.consultation)}."
    except CommitmentBroken as broken:
        raise RecordDiffers(str(broken)) from broken


def _whole(record: Record, opened: Any) -> str:
    found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found == record.sha256:
        return f"The archive's SHA-256 is the one on record: {record.sha256}"
    # Not the end: what differs inside is what somebody wants to know.
    return f"The archive's SHA-256 is {found}, and {record.sha256} is on record."


def _members(record: Record, zipped: zipfile.ZipFile, added: Sequence[AddedFile]) -> Iterator[str]:
    tables, others = (member.name for member in MEMBERS), (file.name for file in added)
    names = [*tables, "data-dictionary.csv", "README.txt", *others, SUMS]
    if zipped.namelist() != names:
        raise RecordDiffers(f"The archive holds {zipped.namelist()} and should hold {names}.")
    sums: dict[str, str] = {}
    consultation = as_of(record.consultation, record.closed_at)
    with snapshot("default") as connection:
        rows: dict[str, int] = {}
        for member in MEMBERS:
            with scratch_file() as fresh:
                fresh_rows = write(
                    archive.table_of(member, consultation, record.closed_at),
                    cast(BinaryIO, fresh),
                    connection,
                    format=member.format,
                    profile=member.profile,
                )
                sums[member.name], rows[member.name] = fresh_rows.sha256, fresh_rows.rows
                _compare(member, zipped, cast(BinaryIO, fresh))
            yield f"{member.name}: {fresh_rows.rows} rows, as the database says."
        documents = {
            "data-dictionary.csv": archive.dictionary(consultation, record.closed_at),
            "README.txt": "\n".join(
                archive.readme(consultation, record.closed_at, connection, rows, read_at=record.read_at, added=added)
            ).encode(),
            **{file.name: file.content for file in added},
        }
    for name, document in documents.items():
        _same_lines(name, zipped.read(name), document)
        sums[name] = hashlib.sha256(document).hexdigest()
        yield f"{name}: as the database says."
    _same_lines(SUMS, zipped.read(SUMS), "".join(f"{sum_}  {name}\n" for name, sum_ in sums.items()).encode())
    yield f"{SUMS}: right."


def _same_lines(name: str, stored: bytes, fresh_rows: bytes) -> None:
    pairs = zip_longest(stored.decode(errors="replace").splitlines(), fresh_rows.decode().splitlines())
    for number, (old, new) in enumerate(pairs, start=1):
        if old != new:
            raise RecordDiffers(f"{name}, line {number}: the record says {old!r}, the database {new!r}.")
    if stored != fresh_rows:
        raise RecordDiffers(f"{name}: its line ends or its encoding were changed.")


def _compare(member: Member, zipped: zipfile.ZipFile, fresh: BinaryIO) -> None:
    fresh.seek(0)
    with zipped.open(member.name) as stored:
        while True:
            old, new = stored.read(1 << 18), fresh.read(1 << 18)
            if old != new:
                break
            if not old:
                return
    fresh.seek(0)
    with zipped.open(member.name) as stored:
        _first_difference(member, read_rows(stored, member.format), read_rows(fresh, member.format))


def _first_difference(member: Member, stored: Iterator[Any], fresh_rows: Iterator[Any]) -> None:
    """Row by row; CSV's first row is its header, and rows are numbered as a spreadsheet shows them."""
    headers: list[str] = []
    for number, (old, new) in enumerate(zip_longest(stored, fresh_rows), start=1):
        if member.format is Format.CSV and number == 1:
            headers = new or []
        if old == new:
            continue
        where = f"{member.name}, row {number}"
        if old is None or new is None:
            raise RecordDiffers(
                f"{where}: {'missing in the record' if old is None else 'not in the database'}: {old or new}"
            )
        cells = old.items() if isinstance(old, dict) else zip_longest(headers, old)
        others = dict(new) if isinstance(new, dict) else dict(zip_longest(headers, new))
        for name, cell in cells:
            if others.get(name) != cell:
                raise RecordDiffers(f"{where}, {name}: the record says {cell!r}, the database {others.get(name)!r}.")
        raise RecordDiffers(f"{where}: the columns differ.")
    raise RecordDiffers(f"{member.name}: the same rows, written in other bytes.")
