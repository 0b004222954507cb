"""A start that need not make the install ready again, and everything that makes it necessary; and the port it holds."""

import os
import socket
from contextlib import closing

import pytest

from wsis.local import ports
from wsis.local.folder import LocalFolder
from wsis.local.prepared import Prepared


@pytest.fixture
def install(tmp_path):
    """Some code and an install's folder, noted as made ready."""
    base, folder = tmp_path / "code", LocalFolder(tmp_path / "local")
    folder.make()
    for path in (base / "wsis" / "a.py", base / "themes" / "migrations" / "0001.sql", base / "static" / "x.css"):
        path.parent.mkdir(parents=True)
        path.write_text("before")
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text("18")
    prepared = Prepared(base, folder, os.environ)
    assert not prepared.is_known()
    prepared.note()
    assert prepared.is_known()
    return base, folder, prepared


def later(path):
    state = path.stat()
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1_000_000))


@pytest.mark.parametrize(
    "changed",
    ["wsis/a.py", "themes/migrations/0001.sql", "static/x.css", "new wsis/b.py", "new .env", "gone wsis/a.py"],
)
def test_a_file_of_ours_that_is_another(install, changed):
    base, _folder, prepared = install
    what, _, name = changed.rpartition(" ")
    if what == "new":
        (base / name).write_text("after")
    elif what == "gone":
        (base / name).unlink()
    else:
        later(base / name)
    assert not prepared.is_known()


def test_another_environment_database_or_password(install, monkeypatch):
    _base, folder, prepared = install
    prepared.note()  # pytest says in the environment which part of a test it is in
    with monkeypatch.context() as patch:
        patch.setenv("DRAFTS_KEPT_DAYS", "3")
        assert not prepared.is_known()
    with monkeypatch.context() as patch:
        patch.setenv("PORT", "8123")  # of this start alone
        assert prepared.is_known()
    (folder.keys / "admin-password").write_text("secret")
    assert not prepared.is_known()
    prepared.note()
    later(folder.postgres / "PG_VERSION")
    assert not prepared.is_known()


def test_a_port_is_held_from_the_beginning():
    """Another program that wants it is refused, and whoever connects waits for the server that is to come."""
    with closing(ports.listen(20_000)) as first, closing(ports.listen(first.getsockname()[1])) as second:
        port = first.getsockname()[1]
        assert second.getsockname()[1] > port
        with closing(socket.create_connection(("127.0.0.1", port))) as visitor:
            visitor.sendall(b"hello")
            accepted, _address = first.accept()
            with closing(accepted):
                assert accepted.recv(10) == b"hello"
