"""What a compilation is made of, before any format: chapters of headings, paragraphs and tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

# A bullet, or a number or letter with a point or bracket, as an uploaded list is kept; and a note's sign.
_POINT = re.compile(r"(?:[•◦▪‣·–—-]|\(?(?:\d{1,3}|[a-hj-km-uw-z]|[ivxl]{1,5})[.)])\s+\S")
_NOTE = re.compile(r"\[(?:\d{1,4}|[ivxlcdm]{1,12})\] \S")


class Style(StrEnum):
    """What a paragraph is. Each is a style of its own in a Word file, for whoever wants another look."""

    BODY = "Body Text"
    POINT = "List Point"
    NOTE = "Footnote Text"
    SENDER = "Sender"
    PASSAGE = "Quote"
    QUESTION = "Question"
    REMARK = "Remark"


@dataclass(frozen=True)
class Heading:
    """One of level 1 begins a chapter."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Line ends within it are kept."""

    text: str
    style: Style = Style.BODY


@dataclass(frozen=True)
class Table:
    """A header and rows, which may be many: they are taken one by one.

    Attributes:
        widths: of the columns, as parts of the page's width.
        has_numbers: whether every column but the first holds numbers.
    """

    header: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    widths: tuple[int, ...]
    has_numbers: bool = False


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Chapter:
    """What stands under one heading of the contents.

    Attributes:
        anchor: by which the contents find it.
        is_wide: whether its pages lie on their side, for a table of many columns.
    """

    anchor: str
    title: str
    blocks: Iterator[Block]
    is_wide: bool = False


@dataclass(frozen=True)
class TitlePage:
    """What stands before the contents."""

    title: str
    subtitle: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def paragraphs_of(text: str) -> Iterator[Paragraph]:
    """The paragraphs of a text: a blank line ends one, and a point of a list or a note is one of its own."""
    for part in text.split("\n\n"):
        held: list[str] = []
        for line in part.split("\n"):
            style = _style_of(line)
            if style is Style.BODY:
                held.append(line)
                continue
            yield from _held(held)
            held = []
            yield Paragraph(line, style)
        yield from _held(held)


def _held(lines: list[str]) -> Iterator[Paragraph]:
    if any(line.strip() for line in lines):
        yield Paragraph("\n".join(lines))


def _style_of(line: str) -> Style:
    start = line.lstrip()
    if _NOTE.match(start):
        return Style.NOTE
    return Style.POINT if _POINT.match(start) else Style.BODY
