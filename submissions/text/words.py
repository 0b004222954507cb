"""Counts words, in any script, the same way everywhere and as a word processor does.

A word is what stands between blanks and holds a letter or a digit: "1,200", "A/RES/70/125", "co-operation" and a link
are one word each. A dash as long as an m parts words, like a blank; a blank that does not break joins the digits of one
number. What nobody sees counts nothing and parts nothing. Scripts that are written without blanks have no such words,
so there each Han or kana sign counts as one, and Thai, Lao, Khmer and Burmese count one word for every five signs:
about the length of a word in these languages.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

# Han with its extensions and the iteration mark, hiragana, katakana.
SIGN = (
    r"\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Thai, Lao, Myanmar, Khmer.
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Every blank and line end of Unicode, and the two long dashes. Python's \s and a browser's are not the same.
_BLANK = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2014\u2015\u2028\u2029\u202f\u205f\u3000"
_COUNTED = re.compile(
    rf"(?P<sign>[{SIGN}])|(?P<unspaced>[{UNSPACED}]+)"
    rf"|(?:[^{_BLANK}{SIGN}{UNSPACED}]|(?<=\d)[\xa0\u202f](?=\d))+"
)
_LETTER = re.compile(r"[^\W_]")
SIGNS_PER_WORD = 5


def count_words(text: str) -> int:
    """The number of words in `text`; 0 when it has no letter, digit or sign."""
    if text.isascii():
        return sum(_LETTER.search(piece) is not None for piece in text.split())
    return sum(map(_worth, _COUNTED.finditer(text)))


def _worth(match: re.Match[str]) -> int:
    if match.lastgroup == "sign":
        return 1
    if match.lastgroup == "unspaced":
        return -(-len(match.group()) // SIGNS_PER_WORD)
    return _LETTER.search(match.group()) is not None


# --- To compare texts --------------------------------------------------------------------------------------------

_WORD = rf"[^\W_{SIGN}{UNSPACED}]"
_JOINER = "['’\u02bc\u2010\u2011-]"


@cache
def combining_marks() -> str:
    """Every sign that changes the letter before it. Looked for once: it takes a good tenth of a second.

    Python's \\w knows none of them, and without them the words of Hindi or of pointed Arabic would fall apart.
    """
    # There are none between the two ranges.
    codes = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))
    return "".join(chr(code) for code in codes if unicodedata.category(chr(code)) in {"Mn", "Mc"})


@cache
def _compared() -> re.Pattern[str]:
    marks = combining_marks() + "\u200c\u200d"  # the joiners inside Persian and Indic words
    # Letters in runs: tried one by one after all marks, they took seven times as long.
    word = rf"{_WORD}+(?:(?:[{marks}]|{_JOINER}(?={_WORD})){_WORD}*)*"
    return re.compile(rf"[{SIGN}]|(?P<unspaced>[{UNSPACED}]+)|{word}")


def words_in(text: str) -> Iterator[str]:
    """Runs of letters and digits, without case: what two texts have in common, however they are punctuated. Where a
    script sets no blanks, each sign is one."""
    for match in _compared().finditer(unicodedata.normalize("NFKC", text).casefold()):
        unspaced = match.group("unspaced")
        yield from unspaced or [match.group()]
