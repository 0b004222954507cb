"""Rehearses the worst day: backs an install up, destroys it, restores it to a moment, and compares every row.

    python deploy/rehearse_restore.py

It makes an install of its own in a temporary folder, with the PostgreSQL that comes with the project, and touches
nothing else. The same commands for an install of yours stand in docs/operations.md.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

from wsis.local.folder import NAME, LocalFolder  # noqa: E402 - the project is found by the line above
from wsis.local.postgres import SUPERUSER, Postgres  # noqa: E402
from wsis.local.servers import Servers  # noqa: E402

CLOSE = """
from submissions.export import records
from submissions.models import Review, Submission
from themes import cutoff_changes
from themes.intake import DatabaseClock
from themes.models import Consultation
Consultation.objects.update(closes_at=DatabaseClock())
cutoff_changes.close_due_consultations()
records.write_due_records()
for one in Submission.objects.all()[:50]:
    Review.objects.create(consultation=one.consultation, reference=one.reference, state="reviewed")
"""
ACCIDENT = (
    "SET session_replication_role = replica",
    "DELETE FROM submissions_contribution",
    "DELETE FROM submissions_submission",
    "DROP TABLE submissions_reviewevent CASCADE",
    "SELECT pg_switch_wal()",
)


class Rehearsal:
    def __init__(self, room: Path) -> None:
        self.folder = LocalFolder(room / "install")
        self.base, self.wal, self.files = room / "base", room / "wal", room / "files"
        self.wal.mkdir()
        options = {"archive_mode": "on", "archive_command": f"cp %p {self.wal}/%f", "fsync": "off"}
        self.servers = Servers(self.folder, postgres_options=options)
        self.own(self.wal)
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_"))},
            "LOCAL_DIR": str(self.folder.root),
            "SECRET_KEY": "only-for-a-rehearsal",
            "REDIS_URL": "redis://localhost:1",
        }

    def own(self, *paths: Path) -> None:
        """PostgreSQL's account, where it has one, is given what it reads and writes."""
        if self.servers.account:
            for path in paths:
                os.chown(path, self.servers.account.uid, self.servers.account.gid)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *arguments],
            cwd=BASE,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"manage.py {arguments[0]} failed:\n{done.stderr}")
        return done.stdout

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.folder.database_url(SUPERUSER, database=NAME), autocommit=True) as session:
            yield session

    def back_up(self) -> None:
        """The whole cluster, while it runs; what happens afterwards is in the archived log."""
        account = self.servers.account
        subprocess.run(
            [
                str(Postgres(self.folder, account).programs / "pg_basebackup"),
                *("--pgdata", str(self.base), "--host", str(self.folder.sockets), "--username", SUPERUSER),
                *("--wal-method", "none", "--checkpoint", "fast"),
            ],
            env={**os.environ, "PGPASSWORD": self.folder.read_key(f"database-password-{SUPERUSER}")},
            check=True,
            capture_output=True,
        )
        self.own(self.base, *self.base.rglob("*"))

    def everything(self) -> dict[str, tuple[int, str]]:
        """Of each table: how many rows it has, and a digest of them."""
        with self.superuser() as session:
            tables = session.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            ).fetchall()
            return {
                table: session.execute(  # type: ignore[misc]
                    f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
                ).fetchone()
                for (table,) in tables
            }

    def restore(self, moment: str) -> None:
        shutil.copytree(self.base, self.folder.postgres)
        with (self.folder.postgres / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"restore_command = 'cp {self.wal}/%f \"%p\"'\n")
            settings.write(f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n")
        (self.folder.postgres / "recovery.signal").touch()
        self.own(self.folder.postgres, *self.folder.postgres.rglob("*"))
        shutil.copytree(self.files, self.folder.root / "exports")

    def wait_for_promotion(self) -> None:
        give_up_at = time.monotonic() + 120
        while True:
            with self.superuser() as session:
                if session.execute("SELECT pg_is_in_recovery()").fetchone() == (False,):
                    return
            if time.monotonic() > give_up_at:
                raise SystemExit("PostgreSQL does not come out of its recovery.")
            time.sleep(0.2)


def main() -> None:
    room = Path(tempfile.mkdtemp(prefix="wsis-rehearsal-"))
    rehearsal = Rehearsal(room)
    postgres, _version = rehearsal.servers.start_postgres()
    try:
        rehearsal.manage("prepare")
        print(rehearsal.manage("demo", "--count", "100").strip())
        rehearsal.back_up()
        print(f"Base backup: {sum(path.stat().st_size for path in rehearsal.base.rglob('*')) // 1_000_000} MB.")
        rehearsal.manage("shell", "--no-imports", "-c", CLOSE)
        shutil.copytree(rehearsal.folder.root / "exports", rehearsal.files)
        before = rehearsal.everything()
        with rehearsal.superuser() as session:
            (moment,) = session.execute("SELECT clock_timestamp()::text").fetchone() or ("",)
            time.sleep(1)
            for statement in ACCIDENT:
                session.execute(statement)
        print(f"At {moment}: {sum(rows for rows, _digest in before.values())} rows. Then submissions were deleted.")
        postgres.stop()
        shutil.rmtree(rehearsal.folder.postgres)
        shutil.rmtree(rehearsal.folder.root / "exports")
        print("The data folder and the files are gone.")
        rehearsal.restore(moment)
        started = Postgres(rehearsal.folder, rehearsal.servers.account)
        postgres = started.child(rehearsal.servers.env)
        postgres.start()
        started.wait(postgres)
        rehearsal.wait_for_promotion()
        after = rehearsal.everything()
        if after != before:
            differ = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
            raise SystemExit(f"Not the same: {', '.join(differ)}")
        print(f"Restored: {len(after)} tables, the same to the row.")
        print(rehearsal.manage("verify_record", "elements-paper").strip())
        print(rehearsal.manage("verify_trail").strip())
    finally:
        postgres.stop()
        shutil.rmtree(rehearsal.folder.sockets, ignore_errors=True)
        shutil.rmtree(room)


if __name__ == "__main__":
    main()
