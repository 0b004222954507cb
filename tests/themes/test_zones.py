from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from themes import zones
from themes.templatetags.deadline import cutoff_in_words, cutoff_in_zone, in_zone, last_day

NEW_YORK = "America/New_York"


def test_an_instant_in_its_zone():
    assert zones.instant(datetime(2027, 7, 16), NEW_YORK) == datetime(2027, 7, 16, 4, tzinfo=UTC)
    assert zones.instant(datetime(2027, 1, 16), NEW_YORK) == datetime(2027, 1, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "code"),
    [
        (datetime(2027, 3, 14, 2, 30), "impossible_time"),  # the clocks go from 02:00 to 03:00
        (datetime(2027, 11, 7, 1, 30), "ambiguous_time"),  # the clocks go from 02:00 back to 01:00
    ],
)
def test_a_time_that_does_not_exist_or_comes_twice_is_refused(local, code):
    with pytest.raises(ValidationError) as refusal:
        zones.instant(local, NEW_YORK)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("moment", "words", "day"),
    [
        (datetime(2027, 7, 16, 4, tzinfo=UTC), "the end of Thursday 15 July 2027, New York time", "15 July 2027"),
        (datetime(2027, 7, 15, 21, tzinfo=UTC), "17:00 on Thursday 15 July 2027, New York time", "15 July 2027"),
        (
            datetime(2027, 7, 15, 21, 0, 5, tzinfo=UTC),
            "17:00:05 on Thursday 15 July 2027, New York time",
            "15 July 2027",
        ),
    ],
)
def test_the_deadline_in_words(moment, words, day):
    assert cutoff_in_words(moment, NEW_YORK) == words
    assert last_day(moment, NEW_YORK) == day


def test_two_zones():
    moment = datetime(2027, 7, 16, 4, tzinfo=UTC)
    assert in_zone(moment, NEW_YORK) == "16 July 2027, 00:00"
    assert in_zone(moment, "UTC") == "16 July 2027, 04:00"


def test_the_list_of_zones_says_a_midnight_as_the_sentence_above_it_does():
    midnight, noon = datetime(2027, 7, 16, 4, tzinfo=UTC), datetime(2027, 7, 15, 16, tzinfo=UTC)
    assert cutoff_in_words(midnight, NEW_YORK) == "the end of Thursday 15 July 2027, New York time"
    assert cutoff_in_zone(midnight, NEW_YORK) == "15 July 2027, 24:00"
    assert cutoff_in_zone(midnight, "UTC") == "16 July 2027, 04:00"
    assert cutoff_in_zone(noon, NEW_YORK) == "15 July 2027, 12:00"


def test_unknown_zone():
    with pytest.raises(ValidationError, match="IANA"):
        zones.validate_zone("EST5")
