"""One process at a time: a lock that ends with whoever holds it, however that ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.db import Error as DatabaseError
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

KEEPALIVES = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


@contextmanager
def single_worker(space: int, key: int = 0, *, wait: timedelta = timedelta()) -> Iterator[bool]:
    """Whether nobody else is at this kind of work now.

    An advisory lock of PostgreSQL, in a transaction of its own on a connection of its own, which does nothing else. A
    killed worker's connection ends and its lock with it, so that the next sweep knows at once that what was begun is
    nobody's: no lease to wait for, and no heartbeat. A transaction and not a session, which PgBouncer would not keep.

    A machine that is gone without a word is given up by PostgreSQL after a minute, and not after its two hours.

    Args:
        space: which kind of work, as the first half of the lock's key (themes/lock.py has one too).
        key: the second half.
        wait: how long for whoever is at it.
    """
    connection = connections.create_connection("default")
    try:
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            for name, number in KEEPALIVES.items():
                cursor.execute(f"SET LOCAL {name} = {number}")
            has_lock = _try(cursor, space, key, wait)
        try:
            yield has_lock
        finally:
            # A connection that is gone has given it back already.
            with suppress(DatabaseError):
                connection.rollback()
    finally:
        connection.close()


def _try(cursor: Any, space: int, key: int, wait: timedelta) -> bool:
    if not wait:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [space, key])
        return bool(cursor.fetchone()[0])
    cursor.execute(f"SET LOCAL lock_timeout = {int(wait.total_seconds() * 1000)}")
    try:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [space, key])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True
