"""Whether it gets slower as more is stored: what stakeholders and the workspace ask for, at a thousand and a million.

    python -m bench.growth [--sizes 1000,1000000] [--rounds 9]

One text a submission, each size in a temporary PostgreSQL and a process of its own, both there at once: they are asked
in turns, so that whatever else the machine does meets both. Through Django's own client; processor time of the process
and of its PostgreSQL together. The ratio is the median of the rounds' ratios, each to the first size.
"""

import argparse
import json
import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable
from typing import Any

import psutil

from bench.staging import database

GROUP_SECONDS = 1.0
RARE, RARE_KEY = "xylograph", uuid.UUID(int=7)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,1000000")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--one-size", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one_size:
        serve(asked.one_size)
        return
    sizes = [int(size) for size in asked.sizes.split(",")]
    sides = [Side(size) for size in sizes]
    try:
        names, *_the_same = [side.answer() for side in sides]
        print(f"{'':34}" + "".join(f"{size:>14,}" for size in sizes) + f"{'ratio':>9}")
        for name in names:
            turns = [[side.ask(name) for side in sides] for _round in range(asked.rounds)]
            medians = [statistics.median(taken) for taken in zip(*turns, strict=True)]
            ratio = statistics.median(taken[-1] / taken[0] for taken in turns)
            print(f"{name:34}" + "".join(f"{one:>11.2f} ms" for one in medians) + f"{ratio:>9.2f}", flush=True)
    finally:
        for side in sides:
            side.end()


class Side:
    """A process that holds one size and answers how long a piece of work takes there."""

    def __init__(self, size: int) -> None:
        command = [sys.executable, "-m", "bench.growth", "--one-size", str(size)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, name: str) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return float(self.answer())

    def answer(self) -> Any:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # What Django and its commands print stands between.
            if line.startswith("= "):
                return json.loads(line[2:])
        raise SystemExit("a side has ended")

    def end(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()


def serve(size: int) -> None:
    with database():
        from django.db import connection

        from bench.filling import fill
        from submissions.queries.figures import count_all
        from submissions.search.index import index_new

        fill(size, themes=1, final=False)
        known = works()
        index_new()
        with connection.cursor() as cursor:
            # As after a night: what PostgreSQL tidies up after a bulk load is no visitor's.
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SELECT pg_database_size(current_database())")
            sys.stderr.write(f"{size:,} submissions: {cursor.fetchone()[0] / size / 1000:.1f} kB for each of them\n")
        turns = {name: turns_of(work) for name, work in known.items()}
        answer(list(known))
        before = ""
        for line in sys.stdin:
            name = line.strip()
            if name != before:
                # The worker's part, twice a minute.
                count_all()
                before = name
            answer(measure(known[name], turns[name]))


def answer(what: Any) -> None:
    print(f"= {json.dumps(what)}", flush=True)


def works() -> dict[str, Callable[[], Any]]:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from bench.journey import ANSWERS, HOME, WORDS
    from bench.sending import ANSWERS as SENDER
    from bench.sending import send_one
    from submissions.models import Draft
    from submissions.sending.submit import submit
    from submissions.text.content import Content
    from themes.models import Consultation, Theme
    from wsis import rate_limits

    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.SECOND_FACTOR = False
    settings.SECURE_SSL_REDIRECT = False
    # Nobody counts here: there is no Valkey.
    rate_limits.Circuit.rests_until = float("inf")
    drafter, staff = Client(), Client()
    for number in (1, 2, 3):
        drafter.post(f"{HOME}themes/{number}/", {"text": WORDS})
    drafter.post(f"{HOME}about-you/", ANSWERS)
    user, _is_new = get_user_model().objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    staff.force_login(user, backend="accounts.sign_on.backend.PasswordBackend")
    lists = "/admin/submissions/submission/"
    turn = iter(range(10**9))
    # One and the same answer at every size.
    submit(
        consultation=Consultation.objects.get(),
        respondent=Draft(**SENDER),
        contents={Theme.objects.order_by("number")[0]: Content(f"A {RARE} of the review.")},
        sending_key=RARE_KEY,
    )
    return {
        "an area's page": lambda: page(drafter, f"{HOME}themes/2/"),
        "the check page": lambda: page(drafter, f"{HOME}send/"),
        "saving an area": lambda: drafter.post(f"{HOME}themes/2/", {"text": f"{WORDS} {next(turn)}"}),
        "a sending of three texts": lambda: send_one(uuid.uuid4()),
        "workspace: the list": lambda: page(staff, lists),
        "workspace: a reference": lambda: page(staff, f"{lists}?q=FILL-000000500"),
        "workspace: a word that one has": lambda: page(staff, f"{lists}?q={RARE}"),
        "workspace: a word that none has": lambda: page(staff, f"{lists}?q=zyzzyva"),
        "workspace: one that a few thousand have": lambda: page(staff, f"{lists}?q=seldom"),
        "workspace: one that all have": lambda: page(staff, f"{lists}?q=gap"),
    }


def page(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def turns_of(work: Callable[[], Any]) -> int:
    """How often it is done in a second of processor time: its clock ticks a hundred times."""
    work()
    began, turns = processor_seconds(), 0
    while processor_seconds() - began < GROUP_SECONDS:
        work()
        turns += 1
    return turns


def measure(work: Callable[[], Any], turns: int) -> float:
    """Milliseconds of processor time each."""
    work()
    began = processor_seconds()
    for _turn in range(turns):
        work()
    return (processor_seconds() - began) / turns * 1000


def processor_seconds() -> float:
    """Of this process and of its PostgreSQL."""
    me = psutil.Process()
    total = 0.0
    for one in [me, *me.children(recursive=True)]:
        times = one.cpu_times()
        total += times.user + times.system
    return total


if __name__ == "__main__":
    main()
