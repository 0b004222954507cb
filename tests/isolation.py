"""A pytest plugin: a test that is cut off fails alone, tables are emptied fast, and the slowest tests are named.

Loaded by `addopts` in pyproject.toml.
"""

import functools
import os
from collections import defaultdict
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import psycopg

# What every database has from its migrations on, and no test changes.
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}
# What ships is made once, and made anew only after a test that changed it.
GROUP_TABLES = {"auth_group", "auth_group_permissions"}
SLOWEST = 10
END_OTHER_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

_state: dict[str, object] = {}
_seconds: defaultdict[str, float] = defaultdict(float)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Whatever ends a test inside a query, such as its time limit, leaves the next one a connection that works."""
    try:
        return (yield)
    except BaseException:
        _cancel_queries()
        raise
    finally:
        _discard_busy_connections()


def _cancel_queries() -> None:
    """What a test that failed left running on the server, in a thread or a process: it would slow all that follow."""
    if _state.get("is_made"):
        _cleaner().execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'"
        )


def _discard_busy_connections() -> None:
    from django.db import connections
    from psycopg.pq import TransactionStatus

    for connection in connections.all(initialized_only=True):
        raw = connection.connection
        if raw is None or raw.info.transaction_status not in {TransactionStatus.ACTIVE, TransactionStatus.UNKNOWN}:
            continue
        raw.cancel_safe(timeout=5)  # or the server goes on with it, and the database cannot be dropped
        raw.close()
        # As if it had never been opened: what Django remembers of it is of a transaction that is gone.
        connection.in_atomic_block = False
        connection.savepoint_ids = []
        connection.atomic_blocks = []
        connection.run_on_commit = []
        connection.needs_rollback = False
        connection.close()
        connection.connection = None
        connection.closed_in_transaction = False


@pytest.fixture(scope="session", autouse=True)
def _fast_flush() -> Generator[None]:
    """Django's flush empties every table after each test; most have no row, and emptying them is what takes long."""
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_tables())
        yield


def empty_tables() -> None:
    """Empties the tables that have rows, and makes the groups that ship anew.

    A thread that a test left behind may hold a lock on one: after a while its session is ended.
    """
    import psycopg
    from django.db import connection

    from submissions.roles import make_groups

    are_groups_untouched = _groups() == _state["groups"]
    names = (
        set(connection.introspection.table_names()) - KEPT_TABLES - (GROUP_TABLES if are_groups_untouched else set())
    )
    quoted = {name: connection.ops.quote_name(name) for name in names}
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quoted[name]})" for name in sorted(names))
    with connection.cursor() as cursor:
        cursor.execute(asked)
        filled = [quoted[name] for (name,) in cursor.fetchall()]
    if filled:
        cleaner, empty = _cleaner(), "; ".join(f"DELETE FROM {name}" for name in filled)
        try:
            cleaner.execute(empty)
        except psycopg.OperationalError:
            cleaner.execute(END_OTHER_SESSIONS)
            cleaner.execute(empty)
    if not are_groups_untouched:
        make_groups()
        note_groups_that_ship()


def note_groups_that_ship() -> None:
    _state.update(groups=_groups(), is_made=True)


def _groups() -> object:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(g.id || g.name || coalesce(p.permission_id, 0), ',' ORDER BY g.id, p.permission_id))"
            " FROM auth_group g LEFT JOIN auth_group_permissions p ON p.group_id = g.id"
        )
        return cursor.fetchone()


def close_cleaner() -> None:
    """Before the database is dropped, which nobody may use then: what a test left there is ended too."""
    _state["is_made"] = False
    _cleaner().execute(END_OTHER_SESSIONS)
    _cleaner().close()


@functools.cache
def _cleaner() -> "psycopg.Connection[tuple[Any, ...]]":
    """A session that no trigger and no foreign key stops. Deleting a few rows is far quicker than TRUNCATE."""
    import psycopg
    from django.db import connection

    settings = connection.get_connection_params()
    session = psycopg.connect(
        os.environ.get("DATABASE_SUPERUSER_URL") or os.environ["DATABASE_URL"],
        dbname=settings["dbname"],
        autocommit=True,
    )
    session.execute("SET session_replication_role = replica")
    session.execute("SET lock_timeout = '5s'")
    return session


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    slowest = sorted(_seconds.items(), key=lambda item: -item[1])[:SLOWEST]
    if len(_seconds) > SLOWEST:
        named = ", ".join(f"{nodeid.rpartition('/')[2]} {seconds:.0f}" for nodeid, seconds in slowest)
        total = sum(seconds for _nodeid, seconds in slowest)
        terminalreporter.write_line(f"The slowest {SLOWEST} took {total:.0f} s: {named}")
