"""More visitors than the machine can serve, across the deadline: who was refused, and how long had they waited?

    python -m bench.rush [--times 1.5] [--seconds 30]

First the pace of whole journeys that two web processes reach; then so many times that, each visitor arriving whether
or not the ones before have been served. The deadline passes at two thirds. Visitors log when their sending had gone
out and what was answered. Afterwards each receipt is looked for among the rows and in the record that the worker makes,
and whoever was refused is compared with the deadline.
"""

import argparse
import csv
import io
import multiprocessing
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.browsers import Browser, Page, crowd
from bench.journey import ANSWERS, HOME, WORDS, our_journey
from tests.stack import Stack, until

PROCESSES = 4  # of visitors


@dataclass
class Sent:
    """One visitor's sending: when its bytes had gone out, what came back, and the reference on the receipt."""

    at: float
    status: int
    reference: str = ""
    put_off: int = 0  # reading pages of theirs that came as 503, and were loaded again


class FoundClosed(Exception):
    """The deadline had passed before this visitor wrote anything: there is no form any more."""


class Visitor(Browser):
    """Loads a page again that was put off, as it asks them to."""

    put_off = 0

    def page(self, path: str) -> Page:
        while (page := self.ask(f"GET {path}")).status == 503:
            self.put_off += 1
            time.sleep(2)
        return self._expect(page, 200, path)


def visit(port: int, log: Callable[[Sent], None]) -> None:
    """Writes on one area, says who it is, and sends."""
    visitor = Visitor(port)
    visitor.page("/")
    form = visitor.page(f"{HOME}themes/1/")
    if 'id="write"' not in form.text:
        raise FoundClosed
    hidden = _fields(form)
    visitor.post(f"{HOME}themes/1/", {**hidden, "text": WORDS}, 303)
    hidden = _fields(visitor.page(f"{HOME}about-you/"))
    if visitor.ask_form(f"{HOME}about-you/", {**hidden, **ANSWERS}).status != 303:
        return
    page = visitor.ask(f"GET {HOME}send/")
    if 'name="key"' not in page.text:
        return
    sent = Sent(time.time(), 0, put_off=visitor.put_off)
    answer = visitor.ask_form(f"{HOME}send/", _fields(page))
    sent.status = answer.status
    if answer.status == 303:
        sent.reference = _reference(visitor.page(f"{HOME}receipt/"))
    log(sent)


def _fields(page: Page) -> dict[str, str]:
    return {name: value for name, value in page.hidden_fields().items() if name != "next"}


def _reference(page: Page) -> str:
    return page.text.partition('class="reference">')[2].partition("<")[0]


def arrive(port: int, pace: float, seconds: float, answers: Any) -> None:
    """Visitors one after the other at this pace, each in a thread of their own."""
    sent: list[Sent] = []
    faults: Counter[str] = Counter()

    def one() -> None:
        try:
            visit(port, sent.append)
        except FoundClosed:
            faults["found it closed, and wrote nothing"] += 1
        except Exception as error:  # noqa: BLE001 - counted and printed
            faults[f"{type(error).__name__}: {str(error).splitlines()[0]}"] += 1

    threads: list[threading.Thread] = []
    began = time.monotonic()
    while (now := time.monotonic() - began) < seconds:
        if len(threads) < now * pace:
            threads.append(threading.Thread(target=one))
            threads[-1].start()
        else:
            time.sleep(0.005)
    for thread in threads:
        thread.join()
    answers.put((len(threads), sent, faults))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=float, default=1.5)
    parser.add_argument("--seconds", type=float, default=30)
    asked = parser.parse_args()
    with Stack(WEB_PROCESSES="2") as stack:
        done, took, _cpu = crowd(our_journey, stack.port, browsers=8, seconds=6)
        # A visitor of this bench asks for eight pages, of a journey's thirteen.
        pace = done / took * 13 / 8 * asked.times
        print(
            f"{done / took:.1f} journeys a second at capacity; now {pace:.1f} visitors a second, {asked.times} times it"
        )
        stack.ask("Consultation.objects.count()")  # its process takes a while to start
        cutoff = time.time() + asked.seconds * 2 / 3
        moment = datetime.fromtimestamp(cutoff, UTC).isoformat()
        stack.run_code(f"from themes.models import Consultation; Consultation.objects.update(closes_at={moment!r})")
        context = multiprocessing.get_context("fork")
        answers: Any = context.SimpleQueue()
        crowds = [
            context.Process(target=arrive, args=(stack.port, pace / PROCESSES, asked.seconds, answers))
            for _ in range(PROCESSES)
        ]
        for one in crowds:
            one.start()
        parts = [answers.get() for _one in crowds]
        for one in crowds:
            one.join()
        sent = [each for _arrived, part, _faults in parts for each in part]
        print(f"{sum(arrived for arrived, _part, _faults in parts)} came, {len(sent)} sent")
        for fault, count in sum((faults for _arrived, _part, faults in parts), Counter()).items():
            print(f"  {count} × {fault}")
        report(stack, sent, cutoff)


def report(stack: Stack, sent: list[Sent], cutoff: float) -> None:
    received = {each.reference for each in sent if each.reference}
    sendings = "Submission.objects.filter(consultation__slug='elements-paper')"
    rows = set(stack.ask(f"list({sendings}.values_list('reference', flat=True))"))
    late = stack.ask(f"{sendings}.filter(received_at__gte=Consultation.objects.get().closes_at).count()")
    refused = [each for each in sent if each.status == 409]
    early = [cutoff - each.at for each in refused if each.at < cutoff]
    print(f"acknowledged {len(received)}, of these stored {len(received & rows)}; stored too late {late}")
    print(f"refused {len(refused)}, of these sent before the deadline {len(early)}: {[round(n, 2) for n in early]} s")
    print(f"sent a second or more before the deadline and refused: {sum(one >= 1 for one in early)}")
    print(f"other answers to a sending: {Counter(each.status for each in sent if each.status not in {303, 409})}")
    print(f"pages to read that were put off: {sum(each.put_off for each in sent)}")
    waited = stack.ask("list(LateAttempt.objects.values_list('waited_ms', flat=True))")
    print(f"late attempts had waited on our side {max(waited, default=0)} ms at most")
    until(lambda: stack.ask("Record.objects.filter(file__gt='').exists()"))
    path = Path(stack.folder / "exports" / stack.ask("Record.objects.first().file.name"))
    with zipfile.ZipFile(path) as archive:
        name = next(one for one in archive.namelist() if one.endswith("contributions-verbatim.csv"))
        table = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
        record = {row["reference"] for row in table}
    print(f"in the record {len(record)}; acknowledged and not in it: {len(received - record)}")


if __name__ == "__main__":
    main()
