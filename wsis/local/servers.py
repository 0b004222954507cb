"""The embedded servers, for `make run` and for the tests alike."""

import os
import stat
import tempfile
from pathlib import Path

from wsis.local.account import Account, account_for_servers
from wsis.local.children import Child
from wsis.local.folder import LocalFolder
from wsis.local.postgres import Postgres
from wsis.local.valkey import Valkey

_MAX_SOCKET_PATH_BYTES = 60  # bytes of the sockets' folder: "/.s.PGSQL.5432" and more has to fit into 107


def sockets_folder(folder: LocalFolder, account: Account | None) -> Path:
    """A private folder with a short path and no spaces, the same as long as it is there."""
    known = folder.sockets
    owner = account.uid if account else os.geteuid()
    if known.is_dir() and not known.is_symlink():
        state = known.stat()
        if state.st_uid == owner and stat.S_IMODE(state.st_mode) == 0o700:
            return known
    runtime = os.path.realpath(tempfile.gettempdir())
    base = runtime if len(runtime) < _MAX_SOCKET_PATH_BYTES - 14 and " " not in runtime else "/tmp"  # noqa: S108 - mkdtemp makes it private
    folder_ = Path(tempfile.mkdtemp(prefix="wsis-", dir=base))
    if account:
        os.chown(folder_, account.uid, account.gid)
    (folder.run / "sockets").write_text(f"{folder_}\n")
    return folder_


class Servers:
    """PostgreSQL and Valkey. `changes` says what was changed on the machine to have them."""

    def __init__(self, folder: LocalFolder, *, postgres_options: dict[str, str] | None = None) -> None:
        self.folder = folder
        folder.make()
        self.account, self.changes = account_for_servers()
        sockets_folder(folder, self.account)
        self.env = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}
        self.postgres_options = postgres_options or {}

    def start_postgres(self) -> tuple[Child, str]:
        """Starts it and waits. Returns its process and its version."""
        postgres = Postgres(self.folder, self.account, options=self.postgres_options)
        self.changes += postgres.initialise()
        child = postgres.child(self.env)
        child.start()
        try:
            postgres.wait(child)
            postgres.make_database()
        except BaseException:
            child.stop()
            raise
        return child, postgres.version()

    def start_valkey(self) -> Child:
        valkey = Valkey(self.folder, self.account)
        child, changes = valkey.child(self.env)
        self.changes += changes
        child.start()
        try:
            valkey.wait(child)
        except BaseException:
            child.stop()
            raise
        return child
