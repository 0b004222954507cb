import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.text.content import Content, ProposedWording, too_long
from submissions.text.words import count_words
from tests.word_cases import WORD_CASES
from themes.models import Consultation, Theme


@pytest.mark.parametrize(("text", "words"), WORD_CASES)
def test_count(text, words):
    assert count_words(text) == words


def test_the_rows_count_too_and_their_numbers_do_not():
    content = Content("two words", (ProposedWording("59 bis", "three more words", "one"),))
    assert content.words == 6


@pytest.mark.parametrize(
    ("limit", "words", "is_too_long"), [(None, 5, False), (None, 6, True), (7, 7, False), (7, 8, True)]
)
def test_a_theme_has_its_own_limit_or_its_consultations(limit, words, is_too_long):
    theme = Theme(consultation=Consultation(word_limit=5), number=1, word_limit=limit)
    theme.pk = 1
    found = too_long({theme: Content("word " * words)})
    assert list(found) == ([theme] if is_too_long else [])


# Han, hiragana and katakana; Thai, Lao, Burmese and Khmer.
SIGNS = (
    *(("\u3005", "\u3005"), ("\u3007", "\u3007"), ("\u3041", "\u3096"), ("\u309d", "\u309f"), ("\u30a1", "\u30fa")),
    *(
        ("\u30fc", "\u30ff"),
        ("\u3400", "\u4dbf"),
        ("\u4e00", "\u9fff"),
        ("\uf900", "\ufaff"),
        ("\U00020000", "\U0003ffff"),
    ),
)
UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"))


def kind_of(sign: str) -> str:
    """As the module's first lines say it, sign by sign."""
    kinds = {
        "sign": any(first <= sign <= last for first, last in SIGNS),
        "unspaced": any(first <= sign <= last for first, last in UNSPACED),
        "letter": re.fullmatch(r"[^\W_]", sign) is not None,
        "mark": unicodedata.category(sign) in {"Mn", "Mc"} or sign in "\u200c\u200d",
        "joiner": sign in "'’\u02bc\u2010\u2011-",
    }
    return next((kind for kind, is_so in kinds.items() if is_so), "other")


def counted_slowly(text: str) -> int:
    count, place, kinds = 0, 0, [*map(kind_of, text), "other"]
    while place < len(text):
        kind, begins = kinds[place], place
        place += 1
        if kind == "sign":
            count += 1
        elif kind == "unspaced":
            while kinds[place] == "unspaced":
                place += 1
            count += -(-(place - begins) // 5)
        elif kind == "letter":
            while kinds[place] in {"letter", "mark"} or (kinds[place] == "joiner" and kinds[place + 1] == "letter"):
                place += 1
            count += 1
    return count


@given(
    st.text()
    | st.text(st.sampled_from("aZ9é-'’_ .\u0301\u200d\u064b中あกခកي\u3007\n"))
    | st.text(st.characters(codec="ascii"))
)
def test_any_text_is_counted_as_the_rule_says(text):
    assert count_words(text) == counted_slowly(text)
