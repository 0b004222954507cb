"""Whether it gets slower as more is stored: what stakeholders and the workspace ask for, at a thousand and a million.

    python -m bench.growth [--sizes 1000,1000000]

One text a submission, in a temporary PostgreSQL, through Django's own client; processor time of this process and of
PostgreSQL together, so that the disk and whatever else the machine does count less. The ratio is to the first size.
"""

import argparse
import statistics
import time
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
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    with database():
        from django.db import connection

        from bench.filling import fill
        from submissions.queries.figures import count_all
        from submissions.search.index import index_new

        figures: dict[str, list[float]] = {}
        stored = 0
        for size in sizes:
            began = time.perf_counter()
            fill(size - stored, themes=1, final=False)
            stored = size
            index_new()
            with connection.cursor() as cursor:
                # As after a night: what PostgreSQL tidies up after a bulk load is no visitor's.
                cursor.execute("VACUUM ANALYZE")
            print(f"{size:,} submissions, filled in {time.perf_counter() - began:.0f} s", flush=True)
            for name, work in works().items():
                # The worker's part, twice a minute.
                count_all()
                figures.setdefault(name, []).append(measure(work))
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_database_size(current_database())")
                print(f"  the database is {cursor.fetchone()[0] / size / 1000:.1f} kB for each of them", flush=True)
        print(f"\n{'':34}" + "".join(f"{size:>14,}" for size in sizes) + f"{'ratio':>9}")
        for name, taken in figures.items():
            print(f"{name:34}" + "".join(f"{one:>11.2f} ms" for one in taken) + f"{taken[-1] / taken[0]:>9.2f}")


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
    }


def page(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def measure(work: Callable[[], Any]) -> float:
    """Milliseconds of processor time each, the median of seven groups of a second: its clock ticks a hundred times."""
    began, turns = processor_seconds(), 0
    while processor_seconds() - began < GROUP_SECONDS:
        work()
        turns += 1
    groups = []
    for _group in range(7):
        began = processor_seconds()
        for _turn in range(turns):
            work()
        groups.append((processor_seconds() - began) / turns * 1000)
    return statistics.median(groups)


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
