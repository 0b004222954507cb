"""Which lines of a file are the headings of areas: for certain, perhaps, or not at all.

By structure first. A line that is marked as a heading, is bold or bears the area's number counts for more than one that
happens to be a title, and a point of a list is none. What is nearly a title is asked about.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from submissions.documents.blocks import Block, Line
from themes.models import Theme

MAX_HEADING_CHARACTERS = 300  # a longer line is no title, and need not be compared
MAX_NEAR_CHARACTERS = 150
MAX_COMPARED = 2_000  # lines that are compared with every title; of a file that has more, the rest only word for word
# How much of a title a line must have: where it is marked as a heading or bears the right number, and where it is not.
NEAR_IF_MARKED, NEAR = 0.6, 0.85
# “5. Title”, “Area 5: Title”, “Q1 – Title”: a word or none, a number, and what follows.
_NUMBERED = re.compile(r"[^\w]*(?:[^\W\d_]{1,20}[\s.:]{0,3})?[Qq]?(\d{1,4})(?!\d)\W*(.*)", re.DOTALL)
# “Area 5: our view”: the word for an area, its number, and a sign that says that a heading goes on.
_NAMED = re.compile(r"[^\w]*([^\W\d_]{1,20})[\s.:]{0,3}(\d{1,4})\s*(?:[:：.)–—-]|$)")

_NOT_COMPARED = re.compile("[^0-9a-z]+")


class Mark(IntEnum):
    """How a line says that it is a heading, the strongest last."""

    NONE = 0
    ALONE = 1
    BOLD_OR_NUMBERED = 2
    STYLED = 3


@dataclass(frozen=True)
class Heading:
    """
    Attributes:
        theme: whose it is; None of a heading like the others that is no area's.
        is_sure: whether that needs not be asked.
    """

    theme: Theme | None
    is_sure: bool


@dataclass
class Titles:
    """What areas are called, in every language of the site and in earlier wordings.

    Attributes:
        words: for "area" itself, as `comparable` has them.
    """

    exact: dict[str, Theme] = field(default_factory=dict)
    numbered: dict[str, Theme] = field(default_factory=dict)
    by_number: dict[int, Theme] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    _parts: list[tuple[Theme, int]] = field(default_factory=list)
    _places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, theme: Theme, title: str, sign: str) -> None:
        """`sign` is the area's number as pages write it."""
        key = comparable(title)
        if not key or self.exact.setdefault(key, theme) != theme:
            return
        self.numbered[comparable(f"{sign}. {title}")] = theme
        self.by_number[theme.number] = theme
        pairs = _pairs(key)
        for pair in pairs:
            self._places[pair].append(len(self._parts))
        self._parts.append((theme, len(pairs)))

    def nearest(self, key: str) -> tuple[Theme | None, float]:
        """The area whose title has most in common with a line, and how much that is, from 0 to 1: pairs of letters."""
        pairs = _pairs(key)
        shared: Counter[int] = Counter()
        for pair in pairs:
            shared.update(self._places.get(pair, ()))
        best, most = None, 0.0
        for place, count in shared.items():
            theme, size = self._parts[place]
            if (likeness := 2 * count / (size + len(pairs))) > most:
                best, most = theme, likeness
        return best, most


def comparable(text: str) -> str:
    """What is compared: letters and digits alone, whatever their case and form, digits of any script as 0 to 9."""
    if text.isascii():
        return _NOT_COMPARED.sub("", text.lower())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign
        for sign in folded
        if sign.isalnum() or unicodedata.category(sign).startswith("M")
    )


def _pairs(key: str) -> set[str]:
    # Each once, so that a line of one letter a thousand times is like nothing.
    return set(map("".join, pairwise(key)))


@dataclass(frozen=True)
class _Candidate:
    theme: Theme
    mark: Mark
    has_right_number: bool


def headings_in(
    blocks: Sequence[Block], keys: Mapping[int, str], titles: Titles, *, is_document: bool, ours: set[str]
) -> dict[int, Heading]:
    """By the place of their blocks.

    Args:
        keys: of each line that is not blank and short enough to be compared, `comparable` of it.
        ours: what the template says itself, compared likewise; none of it is a heading.
    """
    lines = {at: block for at, block in enumerate(blocks) if isinstance(block, Line) and block.text.strip()}
    alone = set(_alone(blocks, is_document=is_document))
    exact = {at: found for at in keys if (found := _exact(lines[at], keys[at], titles, is_alone=at in alone))}
    titled = set(exact)
    exact = {at: exact[at] for at in _without_lists(list(lines), exact)}
    strongest = max((candidate.mark for candidate in exact.values()), default=Mark.NONE)
    ranks = [level for at in exact if (level := lines[at].level) is not None]
    headings = {at: Heading(one.theme, is_sure=_is_sure(one, strongest)) for at, one in exact.items()}
    compared = 0
    for at, line in lines.items():
        if at in titled or line.is_inner or keys.get(at, "") in ours:
            continue
        theme = None
        is_marked = line.level is not None or line.is_bold
        if compared < MAX_COMPARED and len(line.text) <= MAX_NEAR_CHARACTERS and (is_marked or at in alone):
            compared += 1
            theme = _near(line, titles, is_marked=is_marked)
        is_ranked = bool(ranks) and line.level is not None and line.level <= max(ranks)
        if theme is not None or is_ranked:
            headings[at] = Heading(theme, is_sure=False)
    return headings


def _is_sure(one: _Candidate, strongest: Mark) -> bool:
    return one.mark is strongest or (one.mark >= Mark.BOLD_OR_NUMBERED and one.has_right_number)


def _alone(blocks: Sequence[Block], *, is_document: bool) -> Iterable[int]:
    """The places of lines that stand by themselves: every paragraph, and a line of a text after a blank one. Programs
    save a document as text with a line for each paragraph: where nothing is blank, each line is one."""
    blank = [at for at, block in enumerate(blocks) if isinstance(block, Line) and not block.text.strip()]
    has_gaps = any(0 < at < len(blocks) - 1 for at in blank)
    are_paragraphs = is_document or not (has_gaps or any(isinstance(one, Line) and one.level for one in blocks))
    before: Block | None = None
    for at, block in enumerate(blocks):
        if isinstance(block, Line) and (are_paragraphs or not isinstance(before, Line) or not before.text.strip()):
            yield at
        before = block


def _exact(line: Line, key: str, titles: Titles, *, is_alone: bool) -> _Candidate | None:
    """A title word for word, with its number, without, or with one that has slipped."""
    if len(line.text) > MAX_HEADING_CHARACTERS:
        return None
    theme, has_number, fits = titles.numbered.get(key), True, True
    if theme is None and (theme := titles.exact.get(key)) is not None:
        has_number = fits = False
    if theme is None and (numbered := _NUMBERED.fullmatch(line.text)):
        theme = titles.exact.get(comparable(numbered[2]))
        fits = theme is not None and int(numbered[1]) == theme.number
    if theme is None or (line.is_inner and not line.is_bold):
        return None
    if line.level is not None:
        mark = Mark.STYLED
    elif line.is_bold or fits or (has_number and is_alone):
        mark = Mark.BOLD_OR_NUMBERED
    else:
        mark = Mark.ALONE if is_alone else Mark.NONE
    return _Candidate(theme, mark, fits)


def _without_lists(lines: Sequence[int], exact: Mapping[int, _Candidate]) -> Iterable[int]:
    """Titles one after the other, without a mark and with nothing between them, are a list and no headings. A title in
    the middle of a text is none either."""
    bare = [at in exact and exact[at].mark <= Mark.ALONE for at in lines]
    for n, at in enumerate(lines):
        is_in_list = bare[n] and (any(bare[n + 1 : n + 2]) or (n > 0 and bare[n - 1]))
        if at in exact and exact[at].mark and not is_in_list:
            yield at


def _near(line: Line, titles: Titles, *, is_marked: bool) -> Theme | None:
    numbered = _NUMBERED.fullmatch(line.text)
    words = comparable(numbered[2] if numbered else line.text)
    of_number = titles.by_number.get(int(numbered[1])) if numbered else None
    if not words:
        # “Area 5”, as a heading and with nothing else.
        return of_number if is_marked else None
    theme, likeness = titles.nearest(words)
    is_expected = is_marked or (theme is not None and theme == of_number)
    if likeness >= (NEAR_IF_MARKED if is_expected else NEAR):
        return theme
    # Whoever writes “Area 5: …” means an area, whatever its title has become.
    named = _NAMED.match(line.text)
    return titles.by_number.get(int(named[2])) if named and comparable(named[1]) in titles.words else None
