"""PostgreSQL refuses to run as root. Run by root, the embedded servers get a system account of their own.

What that changes on the machine, all of it: the account (no home, no shell, no password), and the permission to pass
through the folders that lead to the servers' programs and data, where others lack it. Passing is not reading: no
folder is opened for listing and no file outside the wheel for reading. Whatever is changed is said.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "wsis-local"


class AccountError(RuntimeError):
    """The account cannot be made, and here is what to do."""


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int


def account_for_servers() -> tuple[Account | None, list[str]]:
    """The account to run the servers under, or None for our own; and what was changed to have it."""
    if os.geteuid() != 0:
        return None, []
    changes = []
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd is None:
            raise AccountError(
                f"PostgreSQL refuses to run as root, and there is no useradd to make the account '{NAME}' with. "
                "Run this as an ordinary user, or set DATABASE_URL to a server that runs already."
            ) from None
        subprocess.run(  # noqa: S603 - a program found in the system's own folders, fixed arguments
            [
                *(useradd, "--system", "--user-group", "--no-create-home"),
                *("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME),
            ],
            check=True,
        )
        entry = pwd.getpwnam(NAME)
        changes.append(f"made the system account {NAME} (no shell, no home), under which PostgreSQL runs")
    return Account(entry.pw_uid, entry.pw_gid), changes


def let_pass(account: Account | None, path: Path) -> list[str]:
    """Lets the account pass through the folders above `path`. Returns what was changed."""
    if account is None:
        return []
    changes = []
    for folder in path.resolve().parents:
        state = folder.stat()
        passes = (
            bool(state.st_mode & stat.S_IXUSR)
            if state.st_uid == account.uid
            else bool(state.st_mode & stat.S_IXGRP)
            if state.st_gid == account.gid
            else bool(state.st_mode & stat.S_IXOTH)
        )
        if not passes:
            folder.chmod(stat.S_IMODE(state.st_mode) | stat.S_IXOTH)
            changes.append(f"let others pass through {folder} (not list it)")
    return changes


def let_read(account: Account | None, folder: Path) -> list[str]:
    """Lets the account read and run what is in `folder`, the wheel's programs, where an umask forbade it."""
    if account is None:
        return []
    changed = 0
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)
            changed += 1
    return [f"let others read PostgreSQL's own {changed} program files"] if changed else []
