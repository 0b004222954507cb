"""A pytest plugin: the tests run on real servers. Loaded by `addopts` in pyproject.toml before Django is.

DATABASE_URL (with DATABASE_OWNER_URL, tests/roles.py) and REDIS_URL name servers that run already; without them, the
embedded ones are started in a temporary folder, and stopped and removed at the end.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import psutil
import psycopg
import pytest

from wsis.local.children import Child
from wsis.local.folder import OWNER
from wsis.local.postgres import SUPERUSER
from wsis.local.servers import Servers

_children: list[Child] = []
ROOM = 12 << 30  # bytes: several times what all stacks of a run have held


def _has_room(folder: Path) -> bool:
    """Whether a folder in memory has room for everything, so that a full disk is none of ours."""
    if not os.access(folder, os.W_OK):
        return False
    disk = os.statvfs(folder)
    is_roomy = disk.f_bavail * disk.f_frsize > ROOM and psutil.virtual_memory().available > ROOM
    return is_roomy and not disk.f_flag & os.ST_NOEXEC


# Thousands of small files, each looked at once: on a disk they take more of a run than what is tested with them.
if "TMPDIR" not in os.environ and _has_room(Path("/dev/shm")):
    os.environ["TMPDIR"] = tempfile.tempdir = "/dev/shm"
_folder = Path(tempfile.mkdtemp(prefix="wsis-tests-"))


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    from wsis.local.folder import LocalFolder

    # The workers of a run inherit where tests/stack.py keeps what it copies.
    os.environ.setdefault("READY_INSTALL", str(_folder / "ready"))
    os.environ["LOCAL_DIR"] = str(_folder)
    (_folder / "static").mkdir(exist_ok=True)
    os.environ["SECRET_KEY"] = "only-for-tests"
    os.environ["PUBLIC_URL"] = "http://testserver"
    os.environ["CONTACT_EMAIL"] = "secretariat@example.org"
    folder = LocalFolder(_folder)
    # Also when Django does not load, and pytest never gets as far as its own end.
    atexit.register(_stop)
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        # The data of a test is worth nothing after it, so nobody waits for the disk.
        servers = Servers(folder, postgres_options={"fsync": "off", "synchronous_commit": "off"})
        if not os.environ.get("DATABASE_URL"):
            _children.append(servers.start_postgres()[0])
            os.environ["DATABASE_URL"] = folder.database_url()
            # The workers of a run inherit all three.
            os.environ["DATABASE_OWNER_URL"] = folder.database_url(OWNER)
            os.environ["DATABASE_SUPERUSER_URL"] = folder.database_url(SUPERUSER, database=SUPERUSER)
            with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"]) as superuser:
                superuser.execute(f"ALTER ROLE {OWNER} CREATEDB")
        if not os.environ.get("REDIS_URL"):
            _children.append(servers.start_valkey())
            os.environ["REDIS_URL"] = folder.redis_url()
    return (yield)


def pytest_unconfigure() -> None:
    _stop()


def _stop() -> None:
    while _children:
        _children.pop().stop()
    sockets = _folder / "run" / "sockets"
    if sockets.exists():
        shutil.rmtree(sockets.read_text().strip(), ignore_errors=True)
    shutil.rmtree(_folder, ignore_errors=True)
