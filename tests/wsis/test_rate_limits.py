"""Counting in Valkey, and what happens without it."""

import os
import subprocess
import sys
import time

import pytest
from redis import Redis

from tests.threads import at_once
from wsis import rate_limits
from wsis.rate_limits import Limit, is_reached, seconds_to_wait

pytestmark = pytest.mark.slow

THREE = Limit("three", 3, 60)


def test_so_many_and_no_more_and_each_name_for_itself():
    assert [seconds_to_wait(THREE, "a") for _turn in range(3)] == [0, 0, 0]
    assert 0 < seconds_to_wait(THREE, "a") <= 60
    assert is_reached(THREE, "a")
    assert not is_reached(THREE, "b")
    assert seconds_to_wait(THREE, "b") == 0
    assert seconds_to_wait(Limit("other", 3, 60), "a") == 0


def test_after_its_time_there_is_room_again():
    quick = Limit("quick", 1, 1)
    assert seconds_to_wait(quick, "a") == 0
    assert seconds_to_wait(quick, "a") == 1
    time.sleep(2.1)  # the window before still weighs for a while
    assert seconds_to_wait(quick, "a") == 0


def test_the_factor_multiplies(settings):
    settings.RATE_LIMIT_FACTOR = 2
    assert [seconds_to_wait(THREE, "a") for _turn in range(6)] == [0] * 6
    assert seconds_to_wait(THREE, "a") > 0


def test_many_at_once_are_counted_once_each():
    answers: list[int] = []
    at_once(*[lambda: answers.append(seconds_to_wait(Limit("ten", 10, 60), "a"))] * 20)
    assert sum(answer == 0 for answer in answers) == 10


def test_the_first_use_may_be_by_many_threads():
    """In a process of its own, where nothing of the library has been loaded before."""
    code = (
        "import django; django.setup()\n"
        "from tests.threads import at_once\n"
        "from wsis import rate_limits\n"
        "failed = []\n"
        "rate_limits.Circuit.fail = failed.append\n"
        "limit = rate_limits.Limit('first', 1000, 60)\n"
        "at_once(*[lambda: rate_limits.seconds_to_wait(limit, 'a')] * 30)\n"
        "print(failed)\n"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "wsis.settings"}
    for _turn in range(3):
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        assert done.stdout == "[]\n"


@pytest.fixture
def broken(monkeypatch, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # nobody listens there
    rate_limits._limiter.cache_clear()
    yield
    rate_limits._limiter.cache_clear()


def test_a_broken_limiter_stops_nobody_and_is_not_asked_again_at_once(broken, caplog):
    assert [seconds_to_wait(THREE, "a") for _turn in range(10)] == [0] * 10
    assert not is_reached(THREE, "a")
    assert len([record for record in caplog.records if "not counted" in record.getMessage()]) == 1


def test_no_address_stands_in_valkey(settings):
    seconds_to_wait(THREE, "0123456789abcdef")
    client = Redis.from_url(settings.REDIS_URL)
    prefix = rate_limits.limiter().storage.key_prefix
    (key,) = client.keys(f"{prefix}*")
    assert key.decode().startswith(prefix)
    assert 0 < client.ttl(key) <= 120
