import re

from hypothesis import given
from hypothesis import strategies as st

from submissions.text.reference import ALPHABET, is_reference, new_reference


def test_form():
    reference = new_reference()
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", reference)
    assert not set(ALPHABET) & set("0O1IL")
    assert is_reference(reference)
    assert is_reference(reference.lower().replace("-", " "))
    assert len({new_reference() for _ in range(500)}) == 500


@given(st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(place, sign):
    signs = new_reference().replace("-", "")
    wrong = signs[:place] + sign + signs[place + 1 :]
    assert is_reference(wrong) is (wrong == signs)


@given(st.integers(0, 10))
def test_two_swapped_neighbours_are_noticed(place):
    signs = new_reference().replace("-", "")
    swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
    assert is_reference(swapped) is (swapped == signs)


def test_what_is_none():
    assert [is_reference(text) for text in ("", "ABCD", "0000-0000-0000", "4F7K-9QRT-2MXB-2")] == [False] * 4
