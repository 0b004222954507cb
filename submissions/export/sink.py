"""Where an export's bytes go: counted and hashed on their way, with a word now and then of how far it is."""

import hashlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol


@dataclass(frozen=True)
class Written:
    """What was written: rows without the header, bytes, and the SHA-256 of all bytes.

    `long_cells` counts the texts that no cell of a spreadsheet can hold. A workbook has them on a sheet of their own.
    """

    rows: int
    bytes: int
    sha256: str
    long_cells: int = 0


class Progress(Protocol):
    """Told now and then how many rows are written. What it raises stops the writing."""

    def __call__(self, rows: int) -> None: ...


def quiet(rows: int) -> None:
    """For a writing that nobody watches: it tells nothing and stops nothing."""


class Sink:
    """Counts and hashes what goes through it to a file. Files that are written front to back need no more."""

    def __init__(self, to: BinaryIO) -> None:
        self.to = to
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, chunk: Any) -> int:
        self.to.write(chunk)
        self.digest.update(chunk)
        self.size += len(chunk)
        return len(chunk)

    def flush(self) -> None:
        self.to.flush()
