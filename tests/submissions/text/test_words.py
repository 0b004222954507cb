import pytest

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
