"""Ten ways to hold a deadline, raced in one run: what each leaves out of the record, takes too late, and costs.

    python -m bench.deadline [--writers 24] [--rounds 3]

Each round lets the writers send across a cutoff while one closer records it and reads the record at once. Then:

    left out   acknowledged to a writer, and not in the record that the closer read
    late       committed at or after the cutoff, by PostgreSQL's own commit time
    waits      how long the closer waited
    pace       transactions a second without a cutoff in sight, as a ratio to no guard at all

On a scratch server of the embedded PostgreSQL, with its disk for real. Nothing here is a test; tests/races/ is.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import IsolationLevel

from wsis.local.folder import OWNER, LocalFolder
from wsis.local.servers import Servers

TABLES = """
DROP TABLE IF EXISTS sending, consultation CASCADE;
CREATE TABLE consultation (id int PRIMARY KEY, closes_at timestamptz NOT NULL, closed_at timestamptz);
CREATE TABLE sending (
    reference text PRIMARY KEY, consultation_id int NOT NULL REFERENCES consultation, received_at timestamptz NOT NULL
        DEFAULT clock_timestamp(), body text NOT NULL DEFAULT repeat('x', 600)
);
"""
INSERT = "INSERT INTO sending (reference, consultation_id) VALUES (%s, 1)"
IS_OPEN = "SELECT closed_at IS NULL AND clock_timestamp() < closes_at FROM consultation WHERE id = 1"
FLAG = "SELECT closed_at IS NULL FROM consultation WHERE id = 1"
CLOSE = (
    "UPDATE consultation SET closed_at = closes_at"
    " WHERE id = 1 AND closed_at IS NULL AND closes_at <= clock_timestamp()"
)

CHECK = """
    SELECT closes_at, closed_at INTO STRICT c FROM consultation WHERE id = NEW.consultation_id {lock};
    IF c.closed_at IS NOT NULL OR c.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'closed' USING ERRCODE = 'WS001';
    END IF;
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c record; BEGIN {body} RETURN NEW; END $$;
"""
BEFORE = "CREATE TRIGGER guard BEFORE INSERT ON sending FOR EACH ROW EXECUTE FUNCTION guard();"
DEFERRED = (
    "CREATE CONSTRAINT TRIGGER guard AFTER INSERT ON sending DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION guard();"
)
SHARED = "PERFORM pg_advisory_xact_lock_shared(1, 1);"


def guard(trigger: str, *, lock: str = "", first: str = "") -> str:
    return FUNCTION.format(body=first + CHECK.format(lock=lock)) + trigger


@dataclass(frozen=True)
class Strategy:
    """How a sending is let in, and what the closer takes before it closes."""

    name: str
    setup: str = ""
    asks: str = ""
    closer_takes: str = ""
    isolation: IsolationLevel = IsolationLevel.READ_COMMITTED


EXCLUSIVE = "SELECT pg_advisory_xact_lock(1, 1)"
NONE = Strategy("no guard at all")
STRATEGIES = [
    Strategy("a flag that a task sets", asks=FLAG),
    Strategy("a check in the view", asks=IS_OPEN),
    Strategy("BEFORE trigger, no lock", guard(BEFORE)),
    Strategy("BEFORE trigger, FOR KEY SHARE (the foreign key's)", guard(BEFORE, lock="FOR KEY SHARE")),
    Strategy("BEFORE trigger, FOR SHARE", guard(BEFORE, lock="FOR SHARE")),
    Strategy("BEFORE trigger, FOR UPDATE", guard(BEFORE, lock="FOR UPDATE")),
    Strategy("BEFORE trigger, shared advisory lock", guard(BEFORE, first=SHARED), closer_takes=EXCLUSIVE),
    Strategy("deferred trigger, no lock", guard(DEFERRED)),
    Strategy("SERIALIZABLE, a check in the view", asks=IS_OPEN, isolation=IsolationLevel.SERIALIZABLE),
    Strategy("deferred trigger, shared advisory lock (ours)", guard(DEFERRED, first=SHARED), closer_takes=EXCLUSIVE),
]


@dataclass
class Measured:
    left_out: int = 0
    late: int = 0
    waits: list[float] = field(default_factory=list)
    pace: float = 0.0


class Bench:
    def __init__(self, connect: Callable[[], psycopg.Connection], writers: int) -> None:
        self.connect = connect
        self.writers = writers

    def prepare(self, strategy: Strategy, closes_in: float) -> None:
        with self.connect() as connection:
            connection.execute(TABLES)
            connection.execute(
                "INSERT INTO consultation VALUES (1, clock_timestamp() + make_interval(secs => %s))", [closes_in]
            )
            if strategy.setup:
                connection.execute(strategy.setup)

    def write(self, strategy: Strategy, seconds: float, slowest: float) -> set[str]:
        """Lets every writer send for `seconds`, or until refused. Returns what was acknowledged."""
        acknowledged: set[str] = set()
        start = threading.Barrier(self.writers)

        def run(number: int) -> None:
            dice = random.Random(number)
            with self.connect() as connection:
                connection.isolation_level = strategy.isolation
                start.wait()
                ends_at = time.monotonic() + seconds
                while time.monotonic() < ends_at:
                    reference = uuid.uuid4().hex
                    try:
                        with connection.transaction():
                            if strategy.asks and not connection.execute(strategy.asks).fetchone()[0]:  # type: ignore[index]
                                return
                            connection.execute(INSERT, [reference])
                            if slowest:
                                time.sleep(dice.random() * slowest)
                        acknowledged.add(reference)
                    except psycopg.errors.SerializationFailure:
                        continue
                    except psycopg.DatabaseError as refusal:
                        if refusal.sqlstate != "WS001":
                            raise
                        return

        threads = [threading.Thread(target=run, args=[n]) for n in range(self.writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return acknowledged

    def race(self, strategy: Strategy, measured: Measured) -> None:
        self.prepare(strategy, closes_in=0.8)
        record: set[str] = set()

        def close() -> None:
            with self.connect() as connection:
                connection.isolation_level = strategy.isolation
                while not connection.execute("SELECT closes_at <= clock_timestamp() FROM consultation").fetchone()[0]:  # type: ignore[index]
                    time.sleep(0.002)
                began = time.monotonic()
                while True:
                    try:
                        with connection.transaction():
                            if strategy.closer_takes:
                                connection.execute(strategy.closer_takes)
                            connection.execute(CLOSE)
                        break
                    except psycopg.errors.SerializationFailure:
                        continue
                measured.waits.append(time.monotonic() - began)
                record.update(row[0] for row in connection.execute("SELECT reference FROM sending"))

        closer = threading.Thread(target=close)
        closer.start()
        acknowledged = self.write(strategy, seconds=2.0, slowest=0.03)
        closer.join()
        measured.left_out += len(acknowledged - record)
        with self.connect() as connection:
            late = connection.execute(
                "SELECT count(*) FROM sending, consultation WHERE pg_xact_commit_timestamp(sending.xmin) >= closes_at"
            ).fetchone()
        measured.late += late[0] if late else 0

    def pace(self, strategy: Strategy, seconds: float = 2.0) -> float:
        self.prepare(strategy, closes_in=3600)
        return len(self.write(strategy, seconds, slowest=0)) / seconds


def main() -> None:
    arguments = argparse.ArgumentParser(description="Ten ways to hold a deadline, raced.")
    arguments.add_argument("--writers", type=int, default=24)
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    folder = LocalFolder(Path(tempfile.mkdtemp(prefix="wsis-bench-")))
    servers = Servers(folder, postgres_options={"track_commit_timestamp": "on", "max_connections": "200"})
    child, version = servers.start_postgres()
    try:
        bench = Bench(lambda: psycopg.connect(folder.database_url(OWNER), autocommit=True), asked.writers)
        print(f"PostgreSQL {version}, {asked.writers} writers, {asked.rounds} rounds each\n")
        unguarded = max(statistics.median(bench.pace(NONE) for _ in range(3)), 1.0)
        print(f"{'':52} {'left out':>9} {'late':>6} {'waits (median)':>15} {'pace':>6}")
        for strategy in STRATEGIES:
            measured = Measured(pace=statistics.median(bench.pace(strategy) for _ in range(3)) / unguarded)
            for _ in range(asked.rounds):
                bench.race(strategy, measured)
            wait = f"{statistics.median(measured.waits) * 1000:.0f} ms"
            print(f"{strategy.name:52} {measured.left_out:>9} {measured.late:>6} {wait:>15} {measured.pace:>6.2f}")
    finally:
        child.stop()
        shutil.rmtree(folder.sockets, ignore_errors=True)
        shutil.rmtree(folder.root, ignore_errors=True)


if __name__ == "__main__":
    main()
