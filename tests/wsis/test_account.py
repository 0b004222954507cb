"""What root's first run changes on the machine: no more than it must, and it says so."""

import os
import pwd
import stat
from pathlib import Path

import pytest

from wsis.local.account import NAME, Account, account_for_servers, let_pass, let_read

STRANGER = Account(uid=54321, gid=54321)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_lets_pass_and_nothing_more(tmp_path):
    closed = tmp_path / "closed"
    inner = closed / "inner"
    inner.mkdir(parents=True)
    closed.chmod(0o700)
    inner.chmod(0o750)
    secret = closed / "secret"
    secret.write_text("x")
    secret.chmod(0o600)
    changes = let_pass(STRANGER, inner / "file")
    assert (mode(closed), mode(inner), mode(secret)) == (0o701, 0o751, 0o600)
    assert f"let others pass through {inner} (not list it)" in changes
    assert f"let others pass through {closed} (not list it)" in changes
    assert let_pass(STRANGER, inner / "file") == []


def test_lets_read_the_programs_where_an_umask_forbade_it(tmp_path):
    program, text = tmp_path / "postgres", tmp_path / "share"
    program.write_text("x")
    text.write_text("x")
    program.chmod(0o700)
    text.chmod(0o600)
    tmp_path.chmod(0o700)
    assert let_read(STRANGER, tmp_path) == ["let others read PostgreSQL's own 3 program files"]
    assert (mode(program), mode(text), mode(tmp_path)) == (0o705, 0o604, 0o705)
    assert let_read(STRANGER, tmp_path) == []


def test_an_ordinary_user_changes_nothing(tmp_path):
    tmp_path.chmod(0o700)
    assert let_pass(None, tmp_path / "x") == []
    assert let_read(None, tmp_path) == []
    assert mode(tmp_path) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs an account for the servers")
def test_the_account_can_do_nothing_else():
    account, _changes = account_for_servers()
    entry = pwd.getpwnam(NAME)
    assert account == Account(entry.pw_uid, entry.pw_gid)
    assert (entry.pw_shell, entry.pw_dir) == ("/usr/sbin/nologin", "/nonexistent")
    assert account_for_servers() == (account, [])
