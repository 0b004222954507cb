"""What a file is read into, before anybody knows what it means: lines, and tables."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_DOCUMENT_CHARACTERS = 1_000_000  # of one file or one pasted text: some two thousand pages
MAX_BLOCKS = 50_000  # paragraphs, tables and lines of a text


class UnreadableFile(ValueError):
    """The file is refused, with a sentence that says why and what to do instead."""


def too_many_characters() -> UnreadableFile:
    return UnreadableFile(
        _("This is more than a million characters. Remove anything that is not part of your contribution.")
    )


def too_many_blocks() -> UnreadableFile:
    return UnreadableFile(_("This has more than 50,000 lines. Leave out what is no contribution of yours."))


@dataclass(frozen=True)
class Line:
    """A paragraph of a document or a line of a text. `level` is that of a heading, None for anything else."""

    text: str
    level: int | None


@dataclass(frozen=True)
class Table:
    """Rows of cells."""

    rows: tuple[tuple[str, ...], ...]


Block = Line | Table
