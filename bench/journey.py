"""What the public side takes: whole journeys, the final POST and single pages, beside a peer and beside bare Django.

    python -m bench.journey [--seconds 8] [--rounds 5] [--browsers 8] [--parts journeys,sending,pages]

The install of `make run` (two web processes of eight threads), its worker and beat put to sleep meanwhile; the same
PostgreSQL for all. Rounds alternate, and each figure is the median of its rounds. The browsers share the machine's
processors with what they measure, so the processor time of the servers stands beside the pace: it does not depend on
them. pretalx is measured where `make bench-public` has installed it.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
import psycopg

from bench import peer
from bench.browsers import Browser, Page, Work, crowd
from tests.stack import Stack, free_port, until
from wsis.local.folder import OWNER, LocalFolder

WORDS = "The review should say how, and by when, and who of us pays for it in the end. " * 15  # 255 words
ANSWERS = {
    "submitting_as": "individual",
    "stakeholder_group": "other",
    "country": "KE",
    "language": "en",
    "contact_name": "A. Person",
    "email": "a.person@example.org",
    "consent": "named",
    "has_accepted_privacy": "on",
}
HOME = "/elements-paper/"
SENDINGS = 3_000  # made ready for each size before they are sent


# --- What a browser does -------------------------------------------------------------------------------------------


def write(browser: Browser, number: int, page: Page) -> Page:
    fields = {name: value for name, value in page.hidden_fields().items() if name != "next"}
    answer = browser.post(f"{HOME}themes/{number}/", {**fields, "text": WORDS})
    return browser.get(answer.location)


def our_journey(port: int, number: int) -> None:
    """Thirteen requests: the first page, three areas, the next one, who is writing, the check, the receipt."""
    browser = Browser(port)
    browser.get("/")
    page = browser.get(f"{HOME}themes/1/")
    for area in (1, 2, 3):
        page = write(browser, area, page)
    page = browser.get(f"{HOME}about-you/")
    hidden = {name: value for name, value in page.hidden_fields().items() if name != "next"}
    page = browser.get(browser.post(f"{HOME}about-you/", {**hidden, **ANSWERS}).location)
    hidden = {name: value for name, value in page.hidden_fields().items() if name != "next"}
    page = browser.get(browser.post(f"{HOME}send/", hidden).location)
    assert 'class="reference"' in page.text, page.text[:2000]
    browser.close()


def peers_journey(kind: int, port: int, number: int) -> None:
    browser = Browser(port, csrf_cookie="pretalx_csrftoken")
    peer.journey(browser, kind, WORDS)
    browser.close()


class Sender:
    """Sends drafts that were made ready, each once. Shared out among browsers by their numbers."""

    def __init__(self, keys: list[str], consultation: int, browsers: int) -> None:
        self.keys, self.cookie, self.browsers = keys, f"draft-{consultation}", browsers
        self.browser: Browser | None = None

    def __call__(self, port: int, number: int) -> None:
        which, turn = divmod(number, 1_000_000)
        key = self.keys[turn * self.browsers + which]
        if self.browser is None:
            self.browser = Browser(port)
        self.browser.cookies = {"csrftoken": "a" * 32, self.cookie: key}
        self.browser.post(f"{HOME}send/", {})


class Getter:
    """One page, again and again, by whoever has these cookies."""

    def __init__(self, path: str, cookies: dict[str, str] | None = None, method: str = "GET") -> None:
        self.what, self.cookies = f"{method} {path}", cookies or {}
        self.browser: Browser | None = None

    def __call__(self, port: int, number: int) -> None:
        if self.browser is None:
            self.browser = Browser(port, cookies=dict(self.cookies))
        page = self.browser.ask(self.what)
        assert page.status in {200, 303}, page.text[:2000]


# --- What they take ------------------------------------------------------------------------------------------------


def processor_seconds(pids: list[int]) -> float:
    """Of these processes, and of all that they have started."""
    total = 0.0
    for pid in pids:
        top = psutil.Process(pid)
        times = top.cpu_times()
        total += times.children_user + times.children_system
        for one in [top, *top.children(recursive=True)]:
            try:
                times = one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
    return total


@dataclass
class Measured:
    """One figure: its rounds, and the processor milliseconds of web and PostgreSQL for each piece of work."""

    paces: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    browsers: list[float] = field(default_factory=list)

    def row(self) -> dict[str, float]:
        middle = statistics.median
        return {
            "a second": round(middle(self.paces), 1),
            "slowest": round(min(self.paces), 1),
            "fastest": round(max(self.paces), 1),
            "web ms": round(middle(self.web), 2),
            "database ms": round(middle(self.database), 2),
            "browser ms": round(middle(self.browsers), 2),
        }


@dataclass
class Server:
    """What is measured: where it listens, and which processes it is made of."""

    port: int
    pid: int
    database: int
    kind: int = 0  # of proposal, on the peer

    def measure(self, measured: Measured, work: Work, browsers: int, seconds: float) -> None:
        web, database = processor_seconds([self.pid]), processor_seconds([self.database])
        done, took, cpu = crowd(work, self.port, browsers=browsers, seconds=seconds)
        measured.paces.append(done / took)
        measured.web.append(1000 * (processor_seconds([self.pid]) - web) / done)
        measured.database.append(1000 * (processor_seconds([self.database]) - database) / done)
        measured.browsers.append(1000 * cpu / done)


def make_ready(stack: Stack, areas: int, amount: int) -> list[str]:
    """Drafts with so many texts, ready to be sent. Returns the keys that open them."""
    keys = [uuid.uuid4().hex for _ in range(amount)]
    answers = {**ANSWERS, "has_accepted_privacy": True}
    (stack.folder / "keys.json").write_text(json.dumps(keys))
    stack.run_code(
        f"""
import json
from django.utils import timezone
from submissions.models import Draft, DraftContribution
from submissions.text.words import count_words
from themes.models import Consultation, Theme
from wsis.sealing import hash_of
keys = json.load(open({str(stack.folder / "keys.json")!r}))
consultation, at, text = Consultation.objects.get(), timezone.now(), {WORDS.strip()!r}
drafts = Draft.objects.bulk_create(
    (Draft(consultation=consultation, key_hash=hash_of(key), created_at=at, saved_at=at, **{answers!r})
     for key in keys), batch_size=500)
themes, words = list(Theme.objects.order_by("number")[:{areas}]), count_words(text)
DraftContribution.objects.bulk_create(
    (DraftContribution(draft=draft, theme=theme, text=text, words=words, saved_at=at)
     for draft in drafts for theme in themes), batch_size=500)
"""
    )
    return keys


@contextmanager
def others(stack: Stack, databases: LocalFolder) -> Iterator[dict[str, Server]]:
    """Bare Django, and the peer where it is installed, each on a database of its own beside ours."""
    keys = {"user": OWNER, "password": databases.read_key(f"database-password-{OWNER}"), "host": str(databases.sockets)}
    postgres, started, servers = stack.processes()["postgres"], [], {}
    admin = psycopg.connect(databases.database_url("postgres", "postgres"), autocommit=True)
    with admin:
        for name in ("bare", "peer"):
            admin.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
    try:
        port = free_port()
        env = {**os.environ, "BARE_DATABASE": "bare", "BARE_HOST": keys["host"], "BARE_USER": keys["user"]}
        env |= {"BARE_PASSWORD": keys["password"]}
        subprocess.run([sys.executable, "-c", "from bench.bare import make_tables; make_tables()"], env=env, check=True)
        log = (stack.folder / "bare.log").open("wb")
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "8", "--preload", "--worker-class",
                 "wsis.web_worker.WaitressWorker", "--bind", f"127.0.0.1:{port}", "bench.bare"],
                env=env, stdout=log, stderr=log,
            )
        )  # fmt: skip
        servers["bare"] = Server(port, started[-1].pid, postgres)
        if peer.is_installed():
            port = free_port()
            folder = stack.folder / "peer"
            folder.mkdir()
            env = peer.environment(folder, {"name": "peer", **keys}, port, databases.redis_url())
            process, kind = peer.start(env, port, folder / "log")
            started.append(process)
            servers["peer"] = Server(port, process.pid, postgres, kind)
        for server in servers.values():
            until(partial(_answers, server.port))
        yield servers
    finally:
        for process in started:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    try:
        return Browser(port).ask("GET /").status < 500
    except OSError:
        return False


def measure_journeys(measure: Callable[..., None], ours: Server, beside: dict[str, Server]) -> None:
    measure("whole journeys", ours, our_journey)
    if "peer" in beside:
        measure("whole journeys, pretalx", beside["peer"], partial(peers_journey, beside["peer"].kind))


def measure_pages(
    measure: Callable[..., None], ours: Server, beside: dict[str, Server], drafter: dict[str, str]
) -> None:
    """As a stranger sees them, and as somebody does who has written three texts."""
    measure("a small template, bare", beside["bare"], Getter("/"))
    measure("first page, of a stranger", ours, Getter(HOME))
    measure("area page, of a stranger", ours, Getter(f"{HOME}themes/2/"))
    measure("first page, with a draft", ours, Getter(HOME, drafter))
    measure("area page, with a draft", ours, Getter(f"{HOME}themes/2/", drafter))
    measure("about you", ours, Getter(f"{HOME}about-you/", drafter))
    measure("check page", ours, Getter(f"{HOME}send/", drafter))


@contextmanager
def asleep(pids: list[int]) -> Iterator[None]:
    """These processes do nothing meanwhile."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def print_rows(rows: dict[str, dict[str, float]]) -> None:
    columns = next(iter(rows.values()))
    print(f"{'':44}" + "".join(f"{name:>13}" for name in columns))
    for name, row in rows.items():
        print(f"{name:44}" + "".join(f"{row[column]:>13}" for column in columns), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--browsers", type=int, default=8)
    parser.add_argument("--parts", default="journeys,sending,pages")
    parser.add_argument("--json", type=Path, help="where to keep the figures")
    asked = parser.parse_args()
    parts = set(asked.parts.split(","))
    with Stack(WEB_PROCESSES="2") as stack, others(stack, LocalFolder(stack.folder)) as beside:
        running = stack.processes()
        ours = Server(stack.port, running["web"], running["postgres"])
        consultation = stack.ask("Consultation.objects.get().pk")
        figures: dict[str, Measured] = {}

        def measure(name: str, server: Server, work: Work, seconds: float = asked.seconds) -> None:
            server.measure(figures.setdefault(name, Measured()), work, asked.browsers, seconds)

        if "pages" in parts:
            (key,) = make_ready(stack, 3, 1)
        with asleep([running["worker"], running["beat"]]):
            began = time.monotonic()
            for turn in range(asked.rounds):
                if "journeys" in parts:
                    measure_journeys(measure, ours, beside)
                if "pages" in parts:
                    measure_pages(measure, ours, beside, {f"draft-{consultation}": key, "csrftoken": "a" * 32})
                for areas in (3, 15) if "sending" in parts else ():
                    keys = make_ready(stack, areas, SENDINGS)
                    seconds = min(asked.seconds, 6.0)
                    sender = Sender(keys, consultation, asked.browsers)
                    measure(f"sending, {areas} texts", ours, sender, seconds)
                    bare = Getter(f"/store/{areas}/", method="POST")
                    measure(f"same rows, {areas} texts, bare", beside["bare"], bare, seconds)
                print(f"round {turn + 1} of {asked.rounds}, after {time.monotonic() - began:.0f} s", file=sys.stderr)
        rows = {name: measured.row() for name, measured in figures.items()}
    print_rows(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
