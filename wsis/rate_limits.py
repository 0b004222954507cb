"""How often something may be done, counted in Valkey for all web processes together.

A limiter that does not work stops nobody: when Valkey is away, everything is allowed.
"""

import functools
import logging
import math
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

log = logging.getLogger(__name__)

PATIENCE = 0.25  # seconds that one question to Valkey may take
_first_use = threading.Lock()
_REST = 5.0  # seconds in which a Valkey that failed is not asked again


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds, counted apart for each name; all of them times RATE_LIMIT_FACTOR."""

    name: str
    times: int
    seconds: int

    @property
    def most(self) -> int:
        return max(1, round(self.times * settings.RATE_LIMIT_FACTOR))

    @property
    def item(self) -> RateLimitItem:
        return RateLimitItemPerSecond(self.most, self.seconds, namespace=self.name)


class Circuit:
    """Whether Valkey is asked: not for a while after it failed, so that no page waits for it again and again."""

    rests_until = 0.0

    @classmethod
    def is_open(cls) -> bool:
        return time.monotonic() < cls.rests_until

    @classmethod
    def fail(cls, error: Exception) -> None:
        cls.rests_until = time.monotonic() + _REST
        log.warning("Rate limits are not counted for %d s: %s", _REST, type(error).__name__)


def limiter() -> SlidingWindowCounterRateLimiter:
    # One thread at a time: at its first use the library looks up what it depends on, and is half ready for a second.
    with _first_use:
        return _limiter()


@functools.cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    url = settings.REDIS_URL
    storage = RedisStorage(
        url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url,
        key_prefix="limits",
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
    )
    return SlidingWindowCounterRateLimiter(storage)


def seconds_to_wait(limit: Limit, who: str) -> int:
    """Counts one more time, if it is within the limit.

    Args:
        who: whose times are counted together.

    Returns:
        0 if it may be done, else the seconds after which it is worth another try.
    """
    if Circuit.is_open():
        return 0
    try:
        if limiter().hit(limit.item, who):
            return 0
        resets_at = limiter().get_window_stats(limit.item, who).reset_time
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it stops nobody
        Circuit.fail(error)
        return 0
    return max(1, min(limit.seconds, math.ceil(resets_at - time.time())))


def is_reached(limit: Limit, who: str) -> bool:
    """Whether one more time would be too many; counts nothing. False when nobody can say."""
    if Circuit.is_open():
        return False
    try:
        return not limiter().test(limit.item, who)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it stops nobody
        Circuit.fail(error)
        return False
