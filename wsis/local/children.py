"""The processes that a stack starts. Each leads a process group of its own, so that Ctrl-C reaches the supervisor
alone, and so that what a killed supervisor left behind can be found again and told from strangers."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from wsis.local.account import Account


class Child:
    """One process with its log. `stop_signal` asks it to end what it is doing and go.

    `before_start` is called before each start, the first and those after it ended; `handed` are open files that each
    of them gets.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        cwd: Path,
        env: Mapping[str, str],
        account: Account | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        before_start: Callable[[], None] | None = None,
        handed: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.argv = [str(part) for part in argv]
        self.log = log
        self.cwd = cwd
        self.env = dict(env)
        self.account = account
        self.stop_signal = stop_signal
        self.before_start = before_start
        self.handed = handed
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    def start(self) -> None:
        if self.before_start is not None:
            self.before_start()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own argument lists, no shell
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.cwd,
                env=self.env,
                start_new_session=True,
                pass_fds=self.handed,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        self.started_at = time.monotonic()

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self.process.pid

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, patience: float = 25.0) -> None:
        """Asks it to stop, waits, and ends its whole group if it does not."""
        if self.process is None:
            return
        if self.is_running():
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        _end_group(self.process.pid)
        self.process.wait(10)

    def log_tail(self, lines: int = 15) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return "(no log)"


def note(file: Path, children: Sequence[Child]) -> None:
    """Writes down what runs, for the next start to find if this one is killed."""
    running = [
        {
            "name": child.name,
            "pid": child.pid,
            "signal": child.stop_signal,
            "created": psutil.Process(child.pid).create_time(),
        }
        for child in children
        if child.is_running()
    ]
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(running))
    draft.replace(file)


def stop_leftovers(file: Path) -> list[str]:
    """Stops what a killed supervisor left running, and nothing else. Returns the names."""
    try:
        noted = json.loads(file.read_text())
    except (OSError, ValueError):
        return []
    stopped = []
    for entry in reversed(noted):
        members = _group(entry["pid"], since=entry["created"])
        if not members:
            continue
        for process in members:
            if process.pid == entry["pid"]:
                process.send_signal(entry["signal"])
        if not _ends(entry, seconds=20):
            _end_group(entry["pid"])
            _ends(entry, seconds=5)
        stopped.append(entry["name"])
    file.unlink(missing_ok=True)
    return stopped


def _ends(entry: dict[str, Any], seconds: float) -> bool:
    give_up_at = time.monotonic() + seconds
    while _group(entry["pid"], since=entry["created"]):
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.1)
    return True


def _group(leader: int, since: float) -> list[psutil.Process]:
    """The live members of a process group, if they are ours: none was made before the leader was noted."""
    members = []
    for process in psutil.process_iter():
        try:
            # A zombie has ended; whether its parent ever asks is not ours to wait for.
            is_ours = os.getpgid(process.pid) == leader and process.create_time() >= since - 1
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
        except (psutil.Error, OSError):
            continue
    return members


def _end_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
