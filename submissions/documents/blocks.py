"""What a file is read into, before anybody knows what it means: lines, tables, and what could not be read."""

from dataclasses import dataclass, field
from enum import StrEnum

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
    """A paragraph of a document or a line of a text.

    Attributes:
        level: of a heading that is marked as one, 1 for the highest; None for anything else.
        is_inner: whether it is a point of a list, with its bullet or number in `text`, or stands in a box beside the
            text. Neither is a heading, whatever it looks like.
        is_bold: whether all of it is, as people mark a heading who know no styles.
    """

    text: str
    level: int | None = None
    is_inner: bool = False
    is_bold: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells."""

    rows: tuple[tuple[str, ...], ...]


Block = Line | Table


class Omission(StrEnum):
    """What a file may hold that its text cannot show as it was."""

    PICTURE = "picture"
    EQUATION = "equation"
    SYMBOL = "symbol"
    COMMENT = "comment"
    HIDDEN = "hidden"
    HEADER = "header"
    CHANGE = "change"
    STRUCK = "struck"


@dataclass(frozen=True)
class Omitted:
    """How often something was left out or read in another form, and the words beside which it stands first."""

    what: Omission
    count: int
    beside: str


@dataclass(frozen=True)
class FileContent:
    """
    Attributes:
        is_document: whether a block is a paragraph, as in a .docx, rather than a line of a plain text.
    """

    blocks: list[Block]
    is_document: bool = False
    omitted: list[Omitted] = field(default_factory=list)
