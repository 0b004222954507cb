"""Counts words, in any script, the same way everywhere.

A word is a run of letters, digits and marks, with the apostrophes and hyphens inside it. Scripts that are written
without spaces have no such runs, so there each Han or kana sign counts as one, and Thai, Lao, Khmer and Burmese
count one word for every five signs: about the length of a word in these languages.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

# Han with its extensions and the iteration mark, hiragana, katakana.
_SIGN = (
    r"\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Thai, Lao, Myanmar, Khmer.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORD = rf"[^\W_{_SIGN}{_UNSPACED}]"
_JOINER = "['’\u02bc\u2010\u2011-]"
# What the pattern below finds in ASCII, ten times as fast.
_ASCII_WORD = re.compile("[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*")
SIGNS_PER_WORD = 5


@cache
def _counted() -> re.Pattern[str]:
    """Made when it is first needed: to look at every sign takes a good tenth of a second."""
    # \w knows no combining marks, and without them the words of Hindi or of pointed Arabic would fall apart.
    # There are none between the two ranges.
    codes = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))
    marks = "".join(chr(code) for code in codes if unicodedata.category(chr(code)) in {"Mn", "Mc"})
    marks += "\u200c\u200d"  # the joiners inside Persian and Indic words
    # Letters in runs: tried one by one after all marks, they took seven times as long.
    word = rf"{_WORD}+(?:(?:[{marks}]|{_JOINER}(?={_WORD})){_WORD}*)*"
    return re.compile(rf"(?P<sign>[{_SIGN}])|(?P<unspaced>[{_UNSPACED}]+)|{word}")


def count_words(text: str) -> int:
    """The number of words in `text`; 0 when it has no letter, digit or sign."""
    if text.isascii():
        return len(_ASCII_WORD.findall(text))
    count = 0
    for match in _counted().finditer(text):
        unspaced = match.group("unspaced")
        count += -(-len(unspaced) // SIGNS_PER_WORD) if unspaced else 1
    return count


def words_in(text: str) -> Iterator[str]:
    """The words themselves, without case; where a script sets no blanks, each sign is one."""
    for match in _counted().finditer(unicodedata.normalize("NFKC", text).casefold()):
        unspaced = match.group("unspaced")
        yield from unspaced or [match.group()]
