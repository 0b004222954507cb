"""A flood of made-up submissions from many networks, beside honest stakeholders who take their time.

    python -m bench.attack [--seconds 60] [--networks 2000] [--attackers 16] [--honest 50]

On the embedded install, behind a proxy that it trusts, so that each request may come from another network. An attacker
writes and sends as fast as the server answers, each time from another network, and does no proof of work. An honest
stakeholder pauses between pages, and does. Afterwards every receipt is looked for in the database.
"""

import argparse
import http.client
import random
import re
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.altcha_proofs import challenge_on, solved
from tests.faults.client import Answer, Stakeholder
from tests.stack import Stack


@dataclass
class TimedStakeholder(Stakeholder):
    """A stakeholder, and how long each of their pages took."""

    seconds: list[float] = field(default_factory=list)

    def ask(self, path: str, form: dict[str, str] | None = None, timeout: float = 60) -> Answer:
        began = time.monotonic()
        answer = super().ask(path, form, timeout)
        self.seconds.append(time.monotonic() - began)
        return answer


def by_proxy(network: str) -> dict[str, str]:
    """What the trusted proxy says of a request."""
    return {"X-Forwarded-For": network}


def prove(page: str) -> dict[str, str]:
    """The proof that the page asks for, done as its script does it. Nothing where it asks for none."""
    return {"proof": solved(challenge_on(page))} if "data-challenge" in page else {}


def honest(one: TimedStakeholder, receipts: list[str], rng: random.Random) -> None:
    """From the first page to the receipt, with pauses; what is refused for now is tried again as the page says."""
    for step in (
        lambda: one.ask("/elements-paper/"),
        lambda: one.write(f"What {one.name} has to say, in a few words of their own."),
        one.say_who,
    ):
        _patiently(step)
        time.sleep(rng.uniform(0.5, 3))
    while True:
        page = _patiently(lambda: one.ask("/elements-paper/send/")).page
        (key,) = re.findall(r'name="key" value="([^"]+)"', page)
        form = {"key": key, **prove(page)}
        if _patiently(lambda form=form: one.ask("/elements-paper/send/", form)).status == 303:
            receipts.append(one.reference())
            return


def _patiently(step: Any) -> Answer:
    while True:
        try:
            answer: Answer = step()
        except (OSError, http.client.HTTPException):
            time.sleep(1)
            continue
        if answer.status in {429, 503}:
            time.sleep(min(5, int(answer.headers.get("Retry-After", "1"))))
            continue
        return answer


def attacker(port: int, networks: int, ends_at: float, answers: Counter[int], number: int) -> None:
    rng = random.Random(number)
    while time.monotonic() < ends_at:
        name = f"made-up-{number}-{rng.randrange(10**9)}"
        network = f"10.{number}.{rng.randrange(networks) // 250}.{rng.randrange(250)}"
        one = TimedStakeholder(port, name, more_headers=by_proxy(network))
        try:
            one.write("Made up.")
            one.say_who()
            page = one.ask("/elements-paper/send/").page
            found = re.search(r'name="key" value="([^"]+)"', page)
            answers[one.send(found[1]).status if found else 0] += 1
        except (OSError, http.client.HTTPException):
            answers[-1] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--networks", type=int, default=2_000)
    parser.add_argument("--attackers", type=int, default=16)
    parser.add_argument("--honest", type=int, default=50)
    asked = parser.parse_args()
    with Stack(TRUSTED_HOPS="1", RATE_LIMIT_FACTOR="1") as stack:
        answers: Counter[int] = Counter()
        receipts: list[str] = []
        ends_at = time.monotonic() + asked.seconds
        per_attacker = max(1, asked.networks // asked.attackers)
        flood = [
            threading.Thread(target=attacker, args=(stack.port, per_attacker, ends_at, answers, number))
            for number in range(asked.attackers)
        ]
        people = [
            TimedStakeholder(
                stack.port, f"honest-{n}", more_headers=by_proxy(f"192.0.2.{n % 25}")
            )  # two behind each address
            for n in range(asked.honest)
        ]
        crowd = [
            threading.Thread(target=honest, args=(one, receipts, random.Random(n))) for n, one in enumerate(people)
        ]
        began = time.monotonic()
        for thread in (*flood, *crowd):
            thread.start()
        for thread in crowd:
            thread.join()
        took = time.monotonic() - began
        for thread in flood:
            thread.join()
        stored = set(stack.ask("list(Submission.objects.values_list('reference', flat=True))"))
        seconds = sorted(second for one in people for second in one.seconds)
        print(f"honest: {len(receipts)} of {asked.honest} have a receipt, {len(set(receipts) & stored)} are stored")
        print(
            f"  all of them within {took:.0f} s; a page took {statistics.median(seconds):.2f} s,"
            f" at most {seconds[-1]:.2f} s"
        )
        tried = sum(answers.values())
        print(
            f"flood: {tried} tries in {asked.seconds} s, {answers[303]} got in,"
            f" by status: {dict(answers.most_common())}"
        )
        print(f"  a second: {tried / asked.seconds:.1f} tries, {answers[303] / asked.seconds:.2f} got in")


if __name__ == "__main__":
    main()
