"""Whether beat and a worker are alive: the one sends a task every half minute, the other notes that it ran.

Kept in Redis, because that is what both need to be of any use.
"""

import time

import redis
from django.conf import settings

KEY = "wsis:heartbeat"
STALE_AFTER = 120  # seconds; four missed beats


def _client() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def beat() -> None:
    with _client() as client:
        client.set(KEY, str(time.time()), ex=STALE_AFTER)


def age() -> float | None:
    """Seconds since the last beat, or None when there was none within STALE_AFTER."""
    with _client() as client:
        value = client.get(KEY)
    return None if value is None else max(0.0, time.time() - float(value))
