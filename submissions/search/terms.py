"""What somebody types into a search, as terms: words, "phrases", word*, one OR another, -what shall not be there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from submissions.text.search_words import SearchWord, search_words

MAX_TERMS = 40  # a list takes 20 words and says so (wsis/tolerant_lists.py), each perhaps with an OR
_QUOTES = str.maketrans("“”„«»＂", '""""""')
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]\S*))')
_OR = {"OR", "|"}


@dataclass(frozen=True)
class Term:
    """A word, or several that stand one after the other.

    Attributes:
        is_exact: it stands in quotation marks: no other form of a word is meant.
        is_begun: it ends in a star: its last word is only the beginning of one.
    """

    words: tuple[SearchWord, ...]
    is_exact: bool = False
    is_begun: bool = False

    @property
    def has_forms(self) -> bool:
        return len(self.words) == 1 and not self.is_exact and not self.is_begun


@dataclass(frozen=True)
class Terms:
    """What is searched for: of each group of `all_of` at least one term, and none of `none_of`."""

    all_of: tuple[tuple[Term, ...], ...]
    none_of: tuple[Term, ...]

    @property
    def wanted(self) -> list[Term]:
        return [term for group in self.all_of for term in group]

    def __bool__(self) -> bool:
        return bool(self.all_of or self.none_of)


def parse(typed: str) -> Terms:
    """The terms of what was typed. Of what has no letter and no digit there are none."""
    all_of: list[tuple[Term, ...]] = []
    none_of: list[Term] = []
    is_alternative = False
    for term, is_excluded in islice(_terms(typed), MAX_TERMS):
        if term is None:
            is_alternative = bool(all_of)
        elif is_excluded:
            none_of.append(term)
        elif is_alternative:
            all_of[-1] = (*all_of[-1], term)
            is_alternative = False
        else:
            all_of.append((term,))
    return Terms(tuple(all_of), tuple(none_of))


def _terms(typed: str) -> Iterator[tuple[Term | None, bool]]:
    """Each term with whether it shall not be there; None where the next one may stand for the one before."""
    for match in _TERM.finditer(typed.translate(_QUOTES)):
        word, is_excluded = match["word"] or "", bool(match["minus"])
        if word in _OR and not is_excluded:
            yield None, False
            continue
        words = tuple(search_words(match["phrase"] or word))
        if words:
            yield Term(words, is_exact=match["phrase"] is not None, is_begun=word.endswith("*")), is_excluded
