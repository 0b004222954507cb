"""What the published pages take, kept and drawn anew, with a thousand texts and with a hundred thousand.

    python -m bench.publication [--sizes 1000,100000] [--seconds 5] [--rounds 3] [--browsers 8]

The install of `make run` for each size (two web processes), both there at once and asked in turns; their workers sleep
meanwhile. "kept" asks one address again and again, as readers of a newspaper's link do; "drawn" asks an address that
nobody has asked for before, so that every page comes from PostgreSQL. Also how long it took to publish them all.
"""

import argparse
import json
import random
import statistics
import time
from contextlib import ExitStack
from typing import Any

from bench.browsers import Browser
from bench.journey import HOME, Measured, Server, asleep
from tests.stack import Stack

LIST = f"{HOME}contributions/"
PUBLISH = """
import time
from django.contrib.auth.models import User
from bench.filling import fill
from publication import acts, sweep
from publication.models import Publication, PublishedText
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation
fill({submissions}, themes=10, final=False)
Consultation.objects.update(closes_at=database_now())
cutoff_changes.close_due_consultations()
consultation = Consultation.objects.get()
first, second = (User.objects.create_user(name) for name in ("first", "second"))
began = time.monotonic()
asked = acts.ask(Publication(consultation=consultation, licence="CC-BY-4.0"), by=first)
confirmed = time.monotonic()
acts.confirm(asked.pk, by=second, seen=asked.content_sha256)
confirmed = time.monotonic() - confirmed
while Publication.objects.filter(published_at=None).exists():
    sweep.keep_up()
public = time.monotonic() - began
while PublishedText.objects.filter(search_words=None, is_shown=True).exists():
    sweep.keep_up()
print("=", confirmed, public, time.monotonic() - began, PublishedText.objects.filter(is_shown=True).count())
"""


class Pages:
    """Asks for pages; `new` gives each request an address of its own."""

    def __init__(self, addresses: list[str], *, new: bool) -> None:
        self.addresses, self.new = addresses, new
        self.browser: Browser | None = None

    def __call__(self, port: int, number: int) -> None:
        if self.browser is None:
            self.browser = Browser(port)
        address = random.choice(self.addresses)
        if self.new:
            # What a page does not know changes nothing of it, and no process has kept its answer.
            address += f"{'&' if '?' in address else '?'}n={random.random()}"
        page = self.browser.ask(f"GET {address}")
        assert page.status == 200, page.text[:500]


def publish(stack: Stack, texts: int) -> str:
    printed = stack.manage("shell", "--no-imports", "-c", PUBLISH.format(submissions=texts // 10), as_owner=True)
    stack.manage("shell", "--no-imports", "-c", VACUUM, as_owner=True)
    [line] = [line for line in printed.splitlines() if line.startswith("=")]
    confirmed, public, indexed, count = line.split()[1:]
    return (
        f"{count} texts: confirmed in {float(confirmed):.1f} s, public after {float(public):.0f} s,"
        f" found by a search after {float(indexed):.0f} s"
    )


VACUUM = "from django.db import connection; connection.cursor().execute('VACUUM ANALYZE')"
IDS = "list(PublishedText.objects.filter(is_shown=True).values_list('public_id', flat=True)[:2000])"


def works(stack: Stack) -> dict[str, Pages]:
    ids: list[str] = json.loads(
        stack.manage(
            "shell", "--no-imports", "-c", f"import json; from publication.models import *; print(json.dumps({IDS}))"
        )
    )
    texts = [f"{LIST}{one}/" for one in ids]
    return {
        "a text, kept": Pages(texts[:1], new=False),
        "the list, kept": Pages([LIST], new=False),
        "the interface's list, kept": Pages(["/api/v1/rounds/elements-paper/contributions"], new=False),
        "a text, drawn": Pages(texts, new=True),
        "the list, drawn": Pages([LIST], new=True),
        "one area, drawn": Pages([f"{LIST}?area={n}" for n in range(1, 11)], new=True),
        "the list's last page, drawn": Pages([f"{LIST}?page={stack_pages(stack)}"], new=True),
        "a group, drawn": Pages([f"{LIST}?group=academia"], new=True),
        "a word that all have, drawn": Pages([f"{LIST}?q=gap"], new=True),
        "who was heard, drawn": Pages([f"{LIST}who-was-heard/"], new=True),
    }


def stack_pages(stack: Stack) -> int:
    code = "from publication.models import *; print(PublishedText.objects.filter(is_shown=True, is_lead=True).count())"
    return -(-int(stack.manage("shell", "--no-imports", "-c", code)) // 20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,100000")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--browsers", type=int, default=8)
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    with ExitStack() as ended:
        stacks = [ended.enter_context(Stack(WEB_PROCESSES="2")) for _size in sizes]
        for stack, size in zip(stacks, sizes, strict=True):
            running = stack.processes()
            ended.enter_context(asleep([running["worker"], running["beat"]]))
            print(publish(stack, size), flush=True)
        measure(stacks, sizes, asked)


def measure(stacks: list[Stack], sizes: list[int], asked: Any) -> None:
    sides = []
    for stack in stacks:
        running = stack.processes()
        sides.append((Server(stack.port, running["web"], running["postgres"]), works(stack)))
    print(f"{'pages a second':32}" + "".join(f"{size:>12,}" for size in sizes) + f"{'ratio':>9}")
    for name in sides[0][1]:
        paces = []
        for _round in range(asked.rounds):
            measured = [Measured() for _side in sides]
            for (server, pages), one in zip(sides, measured, strict=True):
                server.measure(one, pages[name], asked.browsers, asked.seconds)
            paces.append([one.paces[0] for one in measured])
        medians = [statistics.median(taken) for taken in zip(*paces, strict=True)]
        ratio = statistics.median(taken[-1] / taken[0] for taken in paces)
        print(f"{name:32}" + "".join(f"{one:>12.1f}" for one in medians) + f"{ratio:>9.2f}", flush=True)
        time.sleep(0.2)


if __name__ == "__main__":
    main()
