"""The tests' database belongs to its owner; what a test does, it does as the role that serves the public.

Fixtures for tests/conftest.py, and `as_owner()` for what only the owner may.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests.isolation import close_cleaner, note_groups_that_ship
from wsis.local.folder import READER


def owner_url() -> str:
    """Of the tables' owner, who makes them. Empty when servers are given whose DATABASE_URL does both."""
    return os.environ.get("DATABASE_OWNER_URL", "")


def _credentials(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {"user": parts.username or "", "password": unquote(parts.password or "")}


def _connect_as(url: str) -> None:
    """The default connection is made anew as the role of the address; what was open of it is closed."""
    from django.db import connection

    assert not connection.in_atomic_block, "a role is changed between transactions: django_db(transaction=True)"
    connection.close()
    connection.close_pool()
    connection.settings_dict |= {name.upper(): value for name, value in _credentials(url).items()}


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside, the default connection is the owner's, who can switch guards off and change what is final."""
    if not owner_url():
        yield
        return
    _connect_as(owner_url())
    try:
        yield
    finally:
        _connect_as(os.environ["DATABASE_URL"])


@contextmanager
def owner_connection() -> Iterator[psycopg.Connection]:
    """Another session, the owner's, on the tests' database. Each statement is a transaction of its own."""
    from django.db import connection

    settings = connection.get_connection_params()
    owner = _credentials(owner_url()) if owner_url() else {}
    names = ("host", "port", "dbname", "user", "password")
    with psycopg.connect(
        **{name: settings[name] for name in names if name in settings} | owner, autocommit=True
    ) as session:
        yield session


def analyze() -> None:
    """As autovacuum does in time: after many rows in bulk, the planner knows how many there are."""
    with owner_connection() as session:
        session.execute("ANALYZE")


@pytest.fixture
def owner(transactional_db: None) -> Iterator[None]:
    """The whole test as the owner."""
    with as_owner():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The owner makes the database; where several workers run, each as a copy of one that was migrated once."""
    if owner_url():
        _connect_as(owner_url())
        if os.environ.get("PYTEST_XDIST_WORKER"):
            from django.db import connection

            connection.settings_dict["TEST"]["TEMPLATE"] = _migrated_database()


def _migrated_database(name: str = "wsis_migrated") -> str:
    """Whoever comes first makes it, and the others wait. It goes with the server."""
    url = owner_url().rpartition("/")[0] + f"/{name}"
    with Path(os.environ["READY_INSTALL"]).with_suffix(".migrated").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(owner_url(), autocommit=True) as session:
            if session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            session.execute(f"CREATE DATABASE {name}")
            command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0"]
            done = subprocess.run(
                command,
                cwd=Path(__file__).resolve().parent.parent,
                env={**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "DATABASE_POOL_SIZE": "0"},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                session.execute(f"DROP DATABASE {name}")
                raise RuntimeError(f"migrate failed:\n{done.stderr}")
    return name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    """Once it is made, the other role gets its rights and takes over, until the owner removes it."""
    from wsis.database_roles import grant_rights, runtime_role

    with django_db_blocker.unblock():
        if owner_url():
            assert grant_rights(runtime=runtime_role(), reader=READER)
            _connect_as(os.environ["DATABASE_URL"])
        note_groups_that_ship()
    yield
    with django_db_blocker.unblock():
        if owner_url():
            _connect_as(owner_url())
        close_cleaner()
