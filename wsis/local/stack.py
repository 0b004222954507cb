"""`make run`: starts everything in order, says where to go, watches over it, stops it in reverse."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TextIO
from urllib.parse import urlsplit

from wsis import processes
from wsis.local import children as kin
from wsis.local import ports
from wsis.local.children import Child
from wsis.local.folder import LocalFolder
from wsis.local.lock import PATIENCE, FolderLock, Held
from wsis.local.prepared import Prepared
from wsis.local.servers import Servers

ADMIN = "admin"
_RESTARTS = 5  # of one process within a minute; then something is wrong, and it is said


class StackError(RuntimeError):
    """The stack does not come up, and here is why."""


class Stop(Exception):
    """Somebody wants it to end."""


class Stack:
    def __init__(
        self,
        *,
        base: Path,
        folder: LocalFolder,
        port: int,
        public_url: str | None,
        embed_postgres: bool,
        embed_valkey: bool,
        out: TextIO,
    ) -> None:
        self.base = base
        self.folder = folder
        self.port = port
        self.public_url = public_url
        self.embed_postgres = embed_postgres
        self.embed_valkey = embed_valkey
        self.out = out
        self.lock = FolderLock(folder.run / "lock")
        self.running: list[Child] = []
        self.restarts: dict[str, list[float]] = {}
        self.listener: socket.socket | None = None

    # --- what a person sees ------------------------------------------------------------------------------

    def say(self, text: str = "") -> None:
        self.out.write(text + "\n")
        self.out.flush()

    def step(self, what: str, does: Callable[[], str]) -> None:
        self.out.write(f"  {what:<12}")
        self.out.flush()
        began = time.monotonic()
        outcome = does()
        self.say(f"{outcome} ({time.monotonic() - began:.1f} s)")

    # --- the whole way -----------------------------------------------------------------------------------

    def run(self, *, parent: int | None) -> None:
        """Until Ctrl-C, SIGTERM, or the end of `parent`.

        Raises:
            StackError: something does not start, or keeps ending.
        """
        self.folder.make()
        self._take_lock()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._on_signal)
        try:
            self._start()
            self._tell()
            self._watch(parent)
        except Stop:
            pass
        finally:
            for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(name, signal.SIG_IGN)
            self._stop()
            if self.listener:
                self.listener.close()
            self.lock.release()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        raise Stop

    def _take_lock(self) -> None:
        def announce(pid: str) -> None:
            self.say(f"Waiting for process {pid}, which runs this folder's stack, to end or to be ready …")

        try:
            self.lock.take(on_wait=announce)
        except Held as held:
            if held.address:
                raise StackError(f"It runs already, as process {held.pid}: {held.address}") from None
            raise StackError(
                f"Process {held.pid} holds {self._short(self.lock.path)}, and is still starting or stopping after "
                f"{PATIENCE:.0f} seconds. Its logs are in {self._short(self.folder.logs)}/."
            ) from None

    def _start(self) -> None:
        self.say("Starting")
        left = kin.stop_leftovers(self.folder.run / "children.json")
        if left:
            self.say(f"  {'leftovers':<12}stopped what an earlier start left running: {', '.join(left)}")
        self._take_port()
        servers = Servers(self.folder) if self.embed_postgres or self.embed_valkey else None
        if servers and self.embed_postgres:
            self.step("database", lambda: self._start_postgres(servers))
        if servers and self.embed_valkey:
            self.step("broker", lambda: self._start_valkey(servers))
        for change in servers.changes if servers else []:
            self.say(f"  {'changed':<12}{change}")
        self.step("prepare", self._prepare)
        self.step("web", self._start_web)
        self.step("worker", lambda: self._start_child("worker", processes.WORKER))
        self.step("beat", lambda: self._start_child("beat", processes.BEAT))

    def _start_postgres(self, servers: Servers) -> str:
        child, version = servers.start_postgres()
        self._started(child)
        return f"PostgreSQL {version}, data in {self._short(self.folder.postgres)}"

    def _start_valkey(self, servers: Servers) -> str:
        self._started(servers.start_valkey())
        return "Valkey, on a private socket"

    def _take_port(self) -> None:
        """Before anything else is begun, and kept: nobody can take it meanwhile, and who answers on it is ours."""
        wanted = self.port
        self.listener = ports.listen(wanted)
        self.port = self.listener.getsockname()[1]
        (self.folder.run / "port").write_text(f"{self.port}\n")
        if self.port != wanted:
            self.say(f"  {'port':<12}{wanted} is taken by {ports.who_listens(wanted)}; taking {self.port}")
        if self.public_url is None:
            self.address = f"http://127.0.0.1:{self.port}/"
        else:
            self.address = self.public_url + "/"

    @property
    def env(self) -> dict[str, str]:
        env = {
            **os.environ,
            "PORT": str(self.port),
            **({"BIND": f"fd://{self.listener.fileno()}"} if self.listener else {}),
            "LOCAL_DIR": str(self.folder.root),
            "PYTHONUNBUFFERED": "1",
        }
        # One key for every process; settings.py would find it too, if it was there when it looked.
        env.setdefault("SECRET_KEY", self.folder.key("secret-key"))
        env.setdefault("REGISTER_KEY", self.folder.key("register-key"))
        return env

    def _prepare(self) -> str:
        self.folder.key(f"{ADMIN}-password", length=16)
        prepared = Prepared(self.base, self.folder, os.environ)
        if self.embed_postgres and prepared.is_known():
            return "nothing has changed since it was made ready"
        prepared.noted.unlink(missing_ok=True)
        log = self.folder.logs / "prepare.log"
        with log.open("wb") as output:
            done = subprocess.run(  # noqa: S603 - ourselves
                [sys.executable, *processes.PREPARE, "--local-admin"],
                check=False,
                cwd=self.base,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            raise StackError(f"Preparing failed:\n{log.read_text(errors='replace')[-4000:]}")
        prepared.note()
        return "migrations, themes, static files"

    def _start_web(self) -> str:
        self._start_child("web", processes.WEB, listener=self.listener)
        web = self.running[-1]
        url = f"http://127.0.0.1:{self.port}/health/"
        give_up_at = time.monotonic() + 60
        while not _answers(url, self.address):
            if not web.is_running() or time.monotonic() > give_up_at:
                raise StackError(f"The page does not answer at {url}. The end of its log:\n{web.log_tail()}")
            time.sleep(0.02)
        return f"answers on port {self.port}"

    def _start_child(self, name: str, argv: tuple[str, ...], listener: socket.socket | None = None) -> str:
        log = self.folder.logs / f"{name}.log"
        handed = [listener.fileno()] if listener else []
        child = Child(name, [sys.executable, *argv], log=log, cwd=self.base, env=self.env, handed=handed)
        child.start()
        self._started(child)
        return f"log in {self._short(log)}"

    def _started(self, child: Child) -> None:
        self.running.append(child)
        kin.note(self.folder.run / "children.json", self.running)

    def _tell(self) -> None:
        self.lock.write(self.address)
        password = self.folder.read_key(f"{ADMIN}-password")
        mails = len(list(self.folder.mail.iterdir()))
        self.say()
        self.say(f"  The consultation    {self.address}")
        self.say(f"  The secretariat     {self.address}admin/")
        self.say(f"                      user {ADMIN}, password {password}")
        self.say(
            f"                      (kept in {self._short(self.folder.keys / f'{ADMIN}-password')}, for you alone)"
        )
        self.say(f"  Mails               {self._short(self.folder.mail)}/ ({mails} so far)")
        self.say(f"  Logs                {self._short(self.folder.logs)}/")
        self.say()
        self.say("  `make demo` in another terminal fills it with made-up submissions. Ctrl-C here stops it all.")

    def _short(self, path: Path) -> str:
        try:
            return str(path.relative_to(self.base))
        except ValueError:
            return str(path)

    # --- watching ----------------------------------------------------------------------------------------

    def _watch(self, parent: int | None) -> None:
        while True:
            time.sleep(0.5)
            if parent is not None and os.getppid() != parent:
                raise Stop
            for child in self.running:
                if not child.is_running():
                    self._restart(child)

    def _restart(self, child: Child) -> None:
        recent = [moment for moment in self.restarts.get(child.name, []) if moment > time.monotonic() - 60]
        if len(recent) >= _RESTARTS:
            raise StackError(f"{child.name} keeps ending. The end of its log:\n{child.log_tail()}")
        self.restarts[child.name] = [*recent, time.monotonic()]
        code = child.process.returncode if child.process else None
        self.say(f"  {child.name} ended (code {code}) and is started again; its log: {self._short(child.log)}")
        child.stop()  # what is left of its group
        if child.name == "valkey":
            self.folder.valkey_socket.unlink(missing_ok=True)
        time.sleep(1)
        child.start()
        kin.note(self.folder.run / "children.json", self.running)

    def _stop(self) -> None:
        self.lock.write("")
        if self.running:
            self.say()
            self.out.write("Stopping")
            for child in reversed(self.running):
                self.out.write(f" {child.name}")
                self.out.flush()
                child.stop()
            self.say(". Everything accepted is kept.")
        (self.folder.run / "children.json").unlink(missing_ok=True)
        (self.folder.run / "port").unlink(missing_ok=True)
        sockets = self.folder.sockets
        if self.embed_postgres and self.embed_valkey and sockets.name.startswith("wsis-"):
            shutil.rmtree(sockets, ignore_errors=True)
            (self.folder.run / "sockets").unlink(missing_ok=True)


def _answers(url: str, public: str) -> bool:
    # The server answers to its public name alone, whatever the address it listens on.
    request = urllib.request.Request(url, headers={"Host": urlsplit(public).netloc})  # noqa: S310 - http on loopback
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False
