"""Cuts a text into the words that a search compares, with where each stands.

A word is a run of letters and digits. Whatever else stands between two of them parts them: "government/academia" is
two words, "A/RES/70/125" is four. What nobody sees (a soft hyphen, a joiner) is no part of a word and parts nothing.
Where a script sets no blanks between words (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese), each sign is a word,
so that a run of signs is found in the middle of a text. The index, what is typed and what is marked on a page are all
cut here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from submissions.text.words import SIGN, UNSPACED, combining_marks

MAX_WORD_CHARACTERS = 100  # of a longer one, the rest is not compared
UNSEEN = "\u00ad\u200c\u200d\u2060\ufeff"  # soft hyphen, joiners, no-break marks
_HANGUL = r"\uac00-\ud7a3"
_NOT_SEEN = re.compile(f"[{UNSEEN}]")
# Accents, the Arabic stretching sign and vowel signs; then letters that readers do not tell apart.
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670]")
_LETTERS = str.maketrans("أإآٱىة", "اااايه")


@dataclass(frozen=True, slots=True)
class SearchWord:
    """One word of a text.

    Attributes:
        start, end: where it stands in the text, in characters.
        lower: as it is written, in lower case.
        folded: as it is compared: without accents and vowel signs too.
    """

    start: int
    end: int
    lower: str
    folded: str


def search_words(text: str) -> Iterator[SearchWord]:
    """The words of `text` in their order."""
    for match in _pattern().finditer(text):
        lower, folded = _forms(match.group()[:MAX_WORD_CHARACTERS])
        if folded:
            yield SearchWord(match.start(), match.end(), lower, folded)


@lru_cache(maxsize=50_000)
def _forms(written: str) -> tuple[str, str]:
    lower = unicodedata.normalize("NFC", _NOT_SEEN.sub("", written)).lower()
    return lower, fold_word(lower)


def fold_word(lower: str) -> str:
    """A word in lower case as it is compared. Empty only for what holds no letter and no digit."""
    # Cut again: one sign may be written as many (ﷺ as fifteen letters).
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", lower)).translate(_LETTERS)[:MAX_WORD_CHARACTERS]
    # Combining marks are no letters to Python, and the words of Hindi have them.
    return folded if folded.isalnum() else "".join(sign for sign in folded if _is_kept(sign))


def _is_kept(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


@cache
def _pattern() -> re.Pattern[str]:
    word = rf"[^\W_{SIGN}{UNSPACED}{_HANGUL}]"
    return re.compile(rf"[{SIGN}{UNSPACED}{_HANGUL}]|{word}+(?:[{combining_marks()}{UNSEEN}]+{word}*)*")
