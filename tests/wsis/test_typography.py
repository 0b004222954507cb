"""Each language's own dates, colons, lists and names of cities, and what is written from the left in Arabic."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

from themes import zones
from themes.templatetags.deadline import in_zone
from wsis import typography

AT = datetime(2027, 7, 15, 16, 5, tzinfo=UTC)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize(
    ("language", "day", "instant"),
    [
        ("ar", "15 تموز/يوليه 2027", "15 تموز/يوليه 2027، 16:05 UTC"),
        ("zh-hans", "2027年7月15日", "2027年7月15日 16:05 UTC"),
        ("en", "15 July 2027", "15 July 2027, 16:05 UTC"),
        ("fr", "15 juillet 2027", "15 juillet 2027, 16:05 UTC"),
        ("ru", "15 июля 2027 г.", "15 июля 2027 г., 16:05 UTC"),
        ("es", "15 de julio de 2027", "15 de julio de 2027, 16:05 UTC"),
    ],
)
def test_dates_as_the_united_nations_write_them(language, day, instant):
    with translation.override(language):
        assert date_format(AT, "DATE_FORMAT") == day
        assert date_format(AT, "DATETIME_FORMAT") == instant
        assert in_zone(AT, "America/New_York").startswith(day)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_has_24_hours_and_its_zone_in_every_format(language):
    with translation.override(language):
        for name in ("DATETIME_FORMAT", "SHORT_DATETIME_FORMAT"):
            assert date_format(AT, name).endswith(" 16:05 UTC")
        assert date_format(AT, "TIME_FORMAT") == "16:05"


def test_every_month_has_both_names_in_arabic():
    with translation.override("ar"):
        names = [date_format(datetime(2027, month, 1, tzinfo=UTC), "F") for month in range(1, 13)]
    assert all(name.count("/") == 1 for name in names)
    assert names[0] == "كانون الثاني/يناير"
    assert len(set(names)) == 12


@pytest.mark.parametrize(
    ("language", "line", "words"),
    [
        ("ar", "X: 1", "A وB وC"),
        ("zh-hans", "X：1", "A、B和C"),
        ("en", "X: 1", "A, B and C"),
        ("fr", "X\u00a0: 1", "A, B et C"),
        ("ru", "X: 1", "A, B и C"),
        ("es", "X: 1", "A, B y C"),
    ],
)
def test_a_label_and_a_list(language, line, words):
    with translation.override(language):
        assert typography.label_value("X", 1) == line
        assert typography.list_in_words("ABC") == words
        assert typography.list_in_words([]) == ""


def test_a_label_of_a_page_escapes_what_is_not_markup():
    page = Template('{% load typography %}{% label_value "<b>" value %} {% label_value "x" value|ltr %}')
    with translation.override("ar"):
        shown = page.render(Context({"value": "<i>"}))
    assert shown == '&lt;b&gt;: &lt;i&gt; x: <bdi dir="ltr">&lt;i&gt;</bdi>'


def test_what_is_written_from_the_left_is_held_together_where_it_is_needed():
    reference = "1234-5678-9HCD"
    with translation.override("ar"):
        assert typography.left_to_right(reference) == f'<bdi dir="ltr">{reference}</bdi>'
        assert typography.left_to_right_text(reference) == f"\u2066{reference}\u2069"
    with translation.override("fr"):
        assert typography.left_to_right(reference) == typography.left_to_right_text(reference) == reference


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("ar", ["نيويورك", "نيروبي"]),
        ("zh-hans", ["纽约", "内罗毕"]),
        ("en", ["New York", "Nairobi"]),
        ("fr", ["New York", "Nairobi"]),
        ("ru", ["Нью-Йорк", "Найроби"]),
        ("es", ["Nueva York", "Nairobi"]),
    ],
)
def test_zones_are_named_after_their_cities_in_the_readers_language(language, names):
    with translation.override(language):
        assert [zones.city(zone) for zone in ("America/New_York", "Africa/Nairobi")] == names
        assert all(words.split(",")[0] for _name, words in zones.zones_with_offsets(AT))
