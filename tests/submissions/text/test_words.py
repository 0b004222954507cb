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


BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2014\u2015\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def kind_of(sign: str) -> str:
    """As the module's first lines say it, sign by sign."""
    kinds = {
        "sign": any(first <= sign <= last for first, last in SIGNS),
        "unspaced": any(first <= sign <= last for first, last in UNSPACED),
        "blank": sign in BLANKS,
        "letter": unicodedata.category(sign)[0] in "LN",
    }
    return next((kind for kind, is_so in kinds.items() if is_so), "other")


def counted_slowly(text: str) -> int:
    count, place, kinds = 0, 0, [*map(kind_of, text), "end"]

    def is_of_a_word(at: int) -> bool:
        is_joined = text[at : at + 1] in {"\xa0", "\u202f"} and 0 < at < len(text) - 1
        return kinds[at] in {"letter", "other"} or (
            is_joined and text[at - 1].isdecimal() and text[at + 1].isdecimal() and kinds[at + 1] == "letter"
        )

    while place < len(text):
        kind, begins = kinds[place], place
        place += 1
        if kind == "sign":
            count += 1
        elif kind == "unspaced":
            while kinds[place] == "unspaced":
                place += 1
            count += -(-(place - begins) // 5)
        elif is_of_a_word(begins):
            while is_of_a_word(place):
                place += 1
            count += "letter" in kinds[begins:place]
    return count


@given(
    st.text()
    | st.text(st.sampled_from("aZ9é-'’_ .\u0301\u200d\u064b中あกခកي\u3007\n"))
    | st.text(st.characters(codec="ascii"))
)
def test_any_text_is_counted_as_the_rule_says(text):
    assert count_words(text) == counted_slowly(text)
