"""Several hosts on this machine, in network namespaces, and one after the other killed in the midst of a rush.

    python -m bench.hosts [--stakeholders 24] [--pause 20]

As root, on Linux, with iproute2, nginx and PgBouncer (`apt-get install iproute2 nginx pgbouncer`). Each host has a
network of its own, and has in common with the others what its programs say to each other, and our files: two web hosts
behind nginx, two for workers, PgBouncer in transaction mode, a primary with a synchronous replica, Valkey, S3.
Stakeholders write and send all the time, and try again as people do. Killed are, in turn, the primary (the replica is
promoted), a web host, beat, and Valkey. Then everything acknowledged is looked for among the rows and in the record.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import boto3
import psycopg
import redis

from tests.faults.client import Stakeholder
from tests.stack import BASE, until
from wsis import processes
from wsis.local.account import Account
from wsis.local.folder import READER, LocalFolder
from wsis.local.postgres import programs
from wsis.local.servers import Servers
from wsis.local.valkey import Valkey

NETWORK, BRIDGE, BUCKET = "10.77.0", "wsis-bridge", "exports"
HOSTS = {
    name: f"{NETWORK}.{number}"
    for number, name in enumerate(
        ["front", "web1", "web2", "work1", "work2", "pool", "db1", "db2", "cache", "files"], 10
    )
}


def sh(*words: str, check: bool = True) -> None:
    subprocess.run(words, check=check, stdout=subprocess.DEVNULL, stderr=None if check else subprocess.DEVNULL)


@contextmanager
def network() -> Iterator[None]:
    """A bridge with an address for us, and on it a namespace with an address for each host."""
    try:
        sh("ip", "link", "add", BRIDGE, "type", "bridge")
        sh("ip", "address", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        sh("ip", "link", "set", BRIDGE, "up")
        for name, address in HOSTS.items():
            sh("ip", "netns", "add", f"wsis-{name}")
            sh("ip", "link", "add", f"v-{name}", "type", "veth", "peer", "name", "eth0", "netns", f"wsis-{name}")
            sh("ip", "link", "set", f"v-{name}", "master", BRIDGE, "up")
            for words in (f"address add {address}/24 dev eth0", "link set eth0 up", "link set lo up"):
                sh("ip", "-n", f"wsis-{name}", *words.split())
        yield
    finally:
        for name in HOSTS:
            sh("ip", "netns", "delete", f"wsis-{name}", check=False)
        sh("ip", "link", "delete", BRIDGE, check=False)


@dataclass
class Site:
    """What runs where."""

    folder: Path
    account: Account
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(
        self, host: str, name: str, *words: object, env: dict[str, str] | None = None, as_us: bool = True
    ) -> None:
        """Most programs run as us; the others refuse to be root's."""
        who = (
            [] if as_us else ["setpriv", f"--reuid={self.account.uid}", f"--regid={self.account.gid}", "--clear-groups"]
        )
        with (self.folder / f"{host}-{name}.log").open("ab") as log:
            self.running[f"{host} {name}"] = subprocess.Popen(
                ["ip", "netns", "exec", f"wsis-{host}", *who, *map(str, words)],
                env=env or {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
                cwd=BASE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, host: str, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        process = self.running.pop(f"{host} {name}")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(30)

    def stop(self) -> None:
        for what in reversed(list(self.running)):
            host, _, name = what.partition(" ")
            self.kill(host, name)


@dataclass
class Rehearsal:
    site: Site
    local: LocalFolder

    @property
    def key(self) -> str:
        return self.local.key("secret-key")

    def password(self, role: str) -> str:
        return quote(self.local.read_key(f"database-password-{role}"), safe="")

    def env(self, host: str, database: str) -> dict[str, str]:
        runtime = self.password("wsis")
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": self.key,
            "PUBLIC_URL": f"http://{HOSTS['front']}:8080",
            "TRUSTED_HOPS": "1",
            "RATE_LIMIT_FACTOR": "1000",
            "BIND": "0.0.0.0:8000",
            "WEB_PROCESSES": "1",
            "LOCAL_DIR": str(self.site.folder / host),
            "STATIC_DIR": str(self.local.root / "static"),
            "SCRATCH_DIR": str(self.site.folder / host),
            "DATABASE_URL": f"postgres://wsis:{runtime}@{HOSTS['pool']}:6432/{database}",
            "DATABASE_REPLICA_URL": f"postgres://{READER}:{self.password(READER)}@{HOSTS['db2']}:5432/wsis",
            "REDIS_URL": f"redis://{HOSTS['cache']}:6379/0",
            "EXPORTS_S3_BUCKET": BUCKET,
            "EXPORTS_S3_ENDPOINT": f"http://{HOSTS['files']}:9000",
            "EXPORTS_S3_ACCESS_KEY": "rehearsal",
            "EXPORTS_S3_SECRET_KEY": "rehearsal",
        }

    def database(self, host: str, role: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            f"postgres://{role}:{self.password(role)}@{HOSTS[host]}:5432/wsis", autocommit=True, connect_timeout=3
        )

    # --- One after the other --------------------------------------------------------------------------------------

    def make_ready(self) -> None:
        """A database with our tables, made on this machine before it is given a host."""
        servers = Servers(self.local)
        child, _version = servers.start_postgres()
        env = {name: value for name, value in self.env("prepare", "wsis").items() if not name.startswith("DATABASE")}
        env |= {"LOCAL_DIR": str(self.local.root)}
        subprocess.run([sys.executable, *processes.PREPARE], cwd=BASE, env=env, check=True, stdout=subprocess.DEVNULL)
        child.stop()
        with (self.local.postgres / "pg_hba.conf").open("a") as rules:
            rules.write(
                f"host all all {NETWORK}.0/24 scram-sha-256\nhost replication all {NETWORK}.0/24 scram-sha-256\n"
            )

    def start_postgres(self, host: str, data: Path) -> None:
        options = {"listen_addresses": "*", "unix_socket_directories": "", "timezone": "UTC", "hot_standby": "on"}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.site.start(host, "postgres", programs() / "postgres", "-D", data, *arguments, as_us=False)
        until(lambda: self._answers(host), f"{host} does not answer")

    def _answers(self, host: str) -> bool:
        with contextlib.suppress(psycopg.Error):
            self.database(host).close()
            return True
        return False

    def start_replica(self) -> None:
        data = self.site.folder / "replica"
        data.mkdir(mode=0o700)
        os.chown(data, self.site.account.uid, self.site.account.gid)
        primary = f"postgres://postgres:{self.password('postgres')}@{HOSTS['db1']}:5432/?application_name=db2"
        self.site.start("db2", "copy", programs() / "pg_basebackup", "-d", primary, "-D", data, "-R", as_us=False)
        assert self.site.running.pop("db2 copy").wait(120) == 0
        self.start_postgres("db2", data)
        # From here on an acknowledged COMMIT is on both disks.
        with self.database("db1") as primary_:
            primary_.execute("ALTER SYSTEM SET synchronous_standby_names = 'db2'")
            primary_.execute("SELECT pg_reload_conf()")

    def start_pool(self, primary: str) -> None:
        """Also after the primary is another: the file is read again."""
        text = (BASE / "deploy" / "pgbouncer.ini").read_text().replace("host=primary", f"host={HOSTS[primary]}")
        users = self.site.folder / "userlist.txt"
        users.write_text(f'"wsis" "{self.local.read_key("database-password-wsis")}"\n')
        ini = self.site.folder / "pgbouncer.ini"
        ini.write_text(text.replace("userlist.txt", str(users)))
        for file in (users, ini):
            os.chown(file, self.site.account.uid, self.site.account.gid)
        if "pool pgbouncer" in self.site.running:
            os.killpg(self.site.running["pool pgbouncer"].pid, signal.SIGHUP)
        else:
            self.site.start("pool", "pgbouncer", shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", ini, as_us=False)

    def start_cache(self) -> None:
        valkey = Valkey(self.local, None).program
        options = ["--bind", HOSTS["cache"], "--protected-mode", "no", "--save", "", "--port", "6379"]
        self.site.start("cache", "valkey", valkey, *options)
        client = redis.Redis(HOSTS["cache"])
        until(lambda: _pings(client), "Valkey does not answer")

    def start_files(self) -> None:
        self.site.start("files", "s3", sys.executable, "-m", "moto.server", "-H", HOSTS["files"], "-p", "9000")
        until(lambda: _has_bucket(self.bucket()), "the S3 server does not answer")

    def bucket(self) -> "boto3.client":
        return boto3.client(
            "s3",
            endpoint_url=f"http://{HOSTS['files']}:9000",
            region_name="us-east-1",
            aws_access_key_id="rehearsal",
            aws_secret_access_key="rehearsal",
        )

    def start_ours(self, host: str, name: str) -> None:
        argv = {"web": processes.WEB, "worker": processes.WORKER, "beat": processes.BEAT}[name]
        (self.site.folder / host).mkdir(exist_ok=True)
        env = self.env(host, "wsis_web" if name == "web" else "wsis_work")
        self.site.start(host, name, sys.executable, *argv, env=env)

    def start_front(self) -> None:
        text = (BASE / "deploy" / "nginx.conf").read_text()
        both = "".join(f"server {HOSTS[web]}:8000 max_fails=1 fail_timeout=2s;" for web in ("web1", "web2"))
        text = text.replace("server web:8000;", both).replace("listen 8080", f"listen {HOSTS['front']}:8080")
        # A host that is gone is given up at once, not after the kernel's minute.
        text = text.replace(
            "proxy_http_version 1.1;", "proxy_http_version 1.1;\n            proxy_connect_timeout 2s;", 1
        )
        file = self.site.folder / "nginx.conf"
        file.write_text(
            "user root;\n"
            + text.replace("/tmp/", f"{self.site.folder}/").replace("/dev/std", f"{self.site.folder}/std")
        )
        self.site.start("front", "nginx", shutil.which("nginx") or "/usr/sbin/nginx", "-c", file, "-g", "daemon off;")


def _pings(client: redis.Redis) -> bool:
    with contextlib.suppress(redis.RedisError):
        return bool(client.ping())
    return False


def _has_bucket(client: "boto3.client") -> bool:
    with contextlib.suppress(Exception):
        client.create_bucket(Bucket=BUCKET)
        return True
    return False


# --- The rush ------------------------------------------------------------------------------------------------------


@dataclass
class Rush:
    """Stakeholders who write and send, one submission after the other, and never give up."""

    acknowledged: dict[str, float] = field(default_factory=dict)  # reference, and when its receipt was read
    gave_up: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def one(self, number: int) -> None:
        turn = 0
        while not self.is_over.is_set():
            turn += 1
            address = f"198.18.{number}.{turn % 250}"
            who = Stakeholder(8080, f"s{number}-{turn}", more_headers={"X-Forwarded-For": address}, host=HOSTS["front"])
            try:
                reference = self.send(who)
            except TimeoutError as error:
                self.gave_up.append(str(error))
                continue
            self.acknowledged[reference] = time.monotonic()
            time.sleep(random.uniform(0, 0.3))

    def send(self, who: Stakeholder) -> str:
        until_ = time.monotonic() + 120
        who.insist(lambda: who.write(f"What {who.name} has to say. " * 30), until=until_)
        who.insist(who.say_who, until=until_)
        key = who.insist(who.key, until=until_)
        who.insist(lambda: who.send(key, timeout=20), until=until_)
        return str(who.insist(who.reference, until=until_))

    def longest_pause(self, since: float, to: float) -> float:
        """Seconds without a receipt, of those that began or ended in between."""
        moments = sorted(moment for moment in self.acknowledged.values() if since - 3 <= moment <= to)
        return max((b - a for a, b in pairwise(moments)), default=to - since)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stakeholders", type=int, default=24)
    parser.add_argument("--pause", type=float, default=20, help="seconds between one fault and the next")
    asked = parser.parse_args()
    with ExitStack() as stay:
        folder = Path(tempfile.mkdtemp(prefix="wsis-hosts-"))
        folder.chmod(0o711)
        stay.callback(shutil.rmtree, folder, ignore_errors=True)
        local = LocalFolder(folder / "local")
        account = Servers(local).account
        stay.callback(shutil.rmtree, local.sockets, ignore_errors=True)
        assert account is not None, "This needs root."
        site = Site(folder, account)
        one = Rehearsal(site, local)
        stay.enter_context(network())
        stay.callback(site.stop)
        began = time.monotonic()
        start(one)
        print(f"{len(site.running)} programs on {len(HOSTS)} hosts, after {time.monotonic() - began:.0f} s", flush=True)
        rush = Rush()
        crowd = [threading.Thread(target=rush.one, args=[n]) for n in range(asked.stakeholders)]
        for each in crowd:
            each.start()
        try:
            time.sleep(10)
            fail_one_after_the_other(one, rush, asked.pause)
        finally:
            rush.is_over.set()
            for each in crowd:
                each.join()
        report(one, rush)


def start(one: Rehearsal) -> None:
    one.make_ready()
    one.start_postgres("db1", one.local.postgres)
    one.start_replica()
    one.start_pool("db1")
    one.start_cache()
    one.start_files()
    for host, name in (("web1", "web"), ("web2", "web"), ("work1", "worker"), ("work2", "worker"), ("work1", "beat")):
        one.start_ours(host, name)
    one.start_front()
    visitor = Stakeholder(8080, "first", more_headers={"X-Forwarded-For": "198.18.255.1"}, host=HOSTS["front"])
    visitor.insist(lambda: visitor.ask("/elements-paper/"), until=time.monotonic() + 120)


def fail_one_after_the_other(one: Rehearsal, rush: Rush, pause: float) -> None:
    def promote() -> None:
        one.site.kill("db1", "postgres")
        with one.database("db2") as replica:
            replica.execute("SELECT pg_promote()")
        one.start_pool("db2")

    def lose_web() -> None:
        one.site.kill("web1", "web")
        time.sleep(pause / 2)
        one.start_ours("web1", "web")

    def lose_beat() -> None:
        one.site.kill("work1", "beat")
        time.sleep(pause / 4)
        one.start_ours("work2", "beat")

    def lose_cache() -> None:
        one.site.kill("cache", "valkey")
        time.sleep(pause / 2)
        one.start_cache()

    faults: dict[str, Callable[[], None]] = {
        "primary killed, replica promoted": promote,
        "a web host killed, and back": lose_web,
        "beat killed, started on the other host": lose_beat,
        "Valkey killed, and back": lose_cache,
    }
    quiet = rush.longest_pause(time.monotonic() - 7, time.monotonic())
    print(f"{'before any fault: longest pause between two receipts':58} {quiet:5.1f} s", flush=True)
    for what, fault in faults.items():
        since, known = time.monotonic(), len(rush.acknowledged)
        fault()
        time.sleep(max(0, pause - (time.monotonic() - since)))
        now = time.monotonic()
        print(
            f"{what:40} longest pause {rush.longest_pause(since, now):5.1f} s,"
            f" {len(rush.acknowledged) - known} receipts in {now - since:.0f} s",
            flush=True,
        )


def report(one: Rehearsal, rush: Rush) -> None:
    with one.database("db2") as database:
        rows = {row[0] for row in database.execute("SELECT reference FROM submissions_submission")}
        doubled = database.execute(
            "SELECT count(*) - count(DISTINCT contact_name) FROM submissions_submission WHERE contact_name ~ '^s[0-9]'"
        ).fetchone()
        database.execute("UPDATE themes_consultation SET closes_at = clock_timestamp() WHERE closed_at IS NULL")
        print(f"acknowledged {len(rush.acknowledged)}, of these stored {len(rush.acknowledged.keys() & rows)}")
        print(f"stored {len(rows)}, stored twice {doubled[0] if doubled else '?'}; gave up {len(rush.gave_up)}")
        began = time.monotonic()
        until(lambda: database.execute("SELECT file FROM submissions_record WHERE file > ''").fetchone(), "no record")
        (name,) = database.execute("SELECT file FROM submissions_record WHERE file > ''").fetchone() or ("",)
    body = one.bucket().get_object(Bucket=BUCKET, Key=name)["Body"].read()
    with zipfile.ZipFile(BytesIO(body)) as archive:
        name = next(each for each in archive.namelist() if each.endswith("submissions-spreadsheet.csv"))
        table = archive.read(name).decode()
    missing = [reference for reference in rush.acknowledged if reference not in table]
    print(
        f"the record was in the bucket {time.monotonic() - began:.0f} s after the deadline; not in it: {len(missing)}"
    )


if __name__ == "__main__":
    main()
