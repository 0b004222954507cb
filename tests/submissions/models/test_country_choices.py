"""The list of countries, as a reader looks for one: in the order of the names in their own language."""

import pytest
from django.utils import translation

from submissions.models import country_choices


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", ["Afghanistan", "Åland Islands", "Albania"], "Zimbabwe"),
        ("fr", ["Afghanistan", "Afrique du Sud", "Albanie"], "Zimbabwe"),
        ("ru", ["Австралия", "Австрия", "Азербайджан"], "Япония"),
    ],
)
def test_countries_stand_in_the_order_of_their_names(language, first, last):
    with translation.override(language):
        names = [name for _code, name in country_choices()]
    assert names[1:4] == first
    assert names[-1] == last


def test_arabic_names_are_in_order_too():
    with translation.override("ar"):
        names = [name for _code, name in country_choices()][1:]
    beginnings = [name[0].translate(str.maketrans("أإآ", "ااا")) for name in names]
    assert beginnings == sorted(beginnings)


def test_chinese_names_are_in_the_order_of_their_sounds():
    with translation.override("zh-hans"):
        names = [name for _code, name in country_choices()][1:]
    assert (names[0], names[-1]) == ("阿尔巴尼亚", "中国香港特别行政区")
