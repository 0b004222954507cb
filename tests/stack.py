"""`make run`'s own command as a process, for the tests that need the whole of it: real servers, worker, beat."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psutil

from wsis.local.folder import OWNER, LocalFolder

BASE = Path(__file__).resolve().parent.parent
T = TypeVar("T")
# What the tests' own settings are made of stays out: the stack is started as a newcomer's shell would.
FOREIGN = {
    "LOCAL_DIR",
    "SECRET_KEY",
    "PUBLIC_URL",
    "CONTACT_EMAIL",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_SUPERUSER_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
}
# Reads expressions or code, a line each, and answers each with a line of JSON. Keeps no connection in between.
ANSWERS = """
import json, sys
from django.db import connections
from submissions.models import *
from themes.models import *
from themes.intake import database_now
for line in sys.stdin:
    kind, text = json.loads(line)
    try:
        answer = {"answer": eval(text) if kind == "eval" else exec(text, {})}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    connections.close_all()
    print(json.dumps(answer, default=str), flush=True)
"""


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """One `manage.py run` in a folder of its own."""

    def __init__(self, folder: Path | None = None, port: int | None = None, *arguments: str, **env: str) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="wsis-stack-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.arguments = arguments
        self.env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        # All of a test comes from one network, and from many people.
        self.env |= {"LOCAL_DIR": str(self.folder), "PORT": str(self.port), "RATE_LIMIT_FACTOR": "1000", **env}
        self.output = ""
        self.process: subprocess.Popen[bytes] | None = None
        self.shell: subprocess.Popen[str] | None = None

    @classmethod
    def ready(cls, port: int | None = None, *arguments: str, **env: str) -> "Stack":
        """One in a copy of an install that was made ready once: a start from nothing takes thrice as long.

        All workers of a run share it; whoever comes first makes it, and the others wait. Starting from nothing has its
        own tests, in tests/wsis/test_local.py.
        """
        made_ready = Path(os.environ["READY_INSTALL"])
        with made_ready.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (made_ready / "keys").exists():
                first = cls().start()
                first.stop()
                shutil.rmtree(first.folder / "run")
                (first.folder / "run.out").unlink()
                # Whoever owns its files owns them there too, also on another disk.
                subprocess.run(["mv", first.folder, made_ready], check=True)
        folder = Path(tempfile.mkdtemp(prefix="wsis-stack-"))
        subprocess.run(["cp", "-a", f"{made_ready}/.", str(folder)], check=True)
        return cls(folder, port, *arguments, **env)

    @property
    def url(self) -> str:
        return (self.folder / "run" / "lock").read_text().split("\n")[1].rstrip("/")

    @property
    def password(self) -> str:
        return (self.folder / "keys" / "admin-password").read_text().strip()

    def start(self, *, wait: bool = True) -> "Stack":
        log = self.folder / "run.out"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", *self.arguments],
                cwd=BASE,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if wait:
            until(lambda: self.has_printed("Ctrl-C here stops it all") or self.process.poll() is not None)
            assert self.process.poll() is None, self.log()
        return self

    def log(self) -> str:
        return (self.folder / "run.out").read_text(errors="replace")

    def has_printed(self, words: str) -> bool:
        return words in self.log()

    def forget(self) -> None:
        """What it has printed so far, so that the next start can be read alone."""
        (self.folder / "run.out").write_text("")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def manage(self, *arguments: str, as_owner: bool = False) -> str:
        """What a command prints. As the tables' owner it fills in bulk and lets the planner know of it."""
        owner = {"DATABASE_URL": LocalFolder(self.folder).database_url(OWNER)} if as_owner else {}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE,
            env=self.env | owner,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def ask(self, expression: str) -> Any:
        """What an expression over the models gives, as JSON. One process answers all; after a restart it is a new one.

        Raises:
            AssertionError: it raised, and what.
        """
        return self._tell_shell("eval", expression)

    def run_code(self, code: str) -> None:
        """Runs code with the install's own settings, in that same process. Raises as `ask` does."""
        self._tell_shell("exec", code)

    def _tell_shell(self, kind: str, text: str) -> Any:
        for is_second in (False, True):
            if is_second or self.shell is None or self.shell.poll() is not None:
                self._end_shell()
                self.shell = subprocess.Popen(
                    [sys.executable, "manage.py", "shell", "--no-imports", "-c", ANSWERS],
                    cwd=BASE,
                    env=self.env | {"DATABASE_POOL_SIZE": "0"},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            assert self.shell is not None
            assert self.shell.stdin is not None
            assert self.shell.stdout is not None
            self.shell.stdin.write(json.dumps([kind, text]) + "\n")
            self.shell.stdin.flush()
            answer = json.loads(self.shell.stdout.readline() or '{"error": "the shell ended"}')
            if "error" not in answer:
                if "Consultation" in text and (kind == "exec" or ".update(" in text):
                    time.sleep(ROUND_AGE)
                return answer["answer"]
            if not answer["error"].startswith(("OperationalError", "the shell ended")):
                break
        raise AssertionError(answer["error"])

    def _end_shell(self) -> None:
        if self.shell is not None:
            self.shell.kill()
            self.shell.communicate()
            self.shell = None

    def get(self, path: str = "/") -> str:
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def processes(self) -> dict[str, int]:
        """Name to process id of what it has running."""
        return {
            entry["name"]: entry["pid"] for entry in json.loads((self.folder / "run" / "children.json").read_text())
        }

    def mails(self) -> list[bytes]:
        """The mails on disk, without those that are being written: each ends with a line of dashes."""
        mails = [path.read_bytes() for path in sorted((self.folder / "mail").iterdir())]
        return [mail for mail in mails if mail.rstrip().endswith(b"-" * 79)]

    def mails_to(self, address: str, saying: bytes = b"") -> list[bytes]:
        return [mail for mail in self.mails() if f"To: {address}".encode() in mail and saying in mail]

    def __enter__(self) -> "Stack":
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.discard()

    def discard(self) -> None:
        """Ends it at once, and removes it. How it stops when asked to has its tests in tests/wsis/test_local.py."""
        if self.process is not None and self.process.poll() is None:
            # The supervisor first, so that it starts nothing again.
            self.process.kill()
            self.process.wait()
            self._end_children()
        self.remove()

    def _end_children(self) -> None:
        running = []
        for name, pid in self.processes().items():
            with contextlib.suppress(psutil.NoSuchProcess):
                parent = psutil.Process(pid)
                running += [parent, *([] if name == "postgres" else parent.children(recursive=True))]
                # Without a last checkpoint, but with its shared memory given back.
                if name == "postgres":
                    parent.send_signal(signal.SIGQUIT)
        for one in running[::-1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                if one.name() != "postgres":
                    one.kill()
        psutil.wait_procs(running, timeout=60)
        shutil.rmtree((self.folder / "run" / "sockets").read_text().strip(), ignore_errors=True)

    def remove(self) -> None:
        self._end_shell()
        shutil.rmtree(self.folder, ignore_errors=True)


# In seconds. What a page may say of a round after it was changed (themes/rounds.py).
ROUND_AGE = 1.2
# In seconds. How long something may take on a machine that has much else to do: a bound, never a measurement.
PATIENCE = 240.0


def until(true: Callable[[], T], what: str = "") -> T:
    """Waits until `true()` is, and says what never was."""
    give_up_at = time.monotonic() + PATIENCE
    while not (answer := true()):
        assert time.monotonic() < give_up_at, what or f"not within {PATIENCE:.0f} s"
        time.sleep(0.1)
    return answer


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return not re.match("[ZX]", state)
