"""What sending costs while Redis is well, silent, gone and back: nobody who sends may notice.

    python -m bench.away [--sendings 30]

Starts a whole install in a temporary folder, and prints the median and the slowest sending in each state, as a ratio to
the median while all is well. For comparison, `.delay()` from a request was measured at 0.9 s with Redis refusing and
over 40 s with a silent one.
"""

import argparse
import os
import signal
import statistics
import time

from tests.faults.client import Stakeholder
from tests.stack import Stack, until


def sendings(stack: Stack, state: str, count: int) -> list[float]:
    took = []
    for number in range(count):
        one = Stakeholder(stack.port, f"{state}{number}")
        key = one.ready("A text to be sent.")
        began = time.perf_counter()
        answer = one.send(key)
        took.append(time.perf_counter() - began)
        if answer.status != 303:
            raise RuntimeError(f"{state}: {answer.status}")
    return took


def main() -> None:
    arguments = argparse.ArgumentParser(description="Sending while Redis is away.")
    arguments.add_argument("--sendings", type=int, default=30)
    count = arguments.parse_args().sendings
    stack = Stack().start()
    try:
        valkey = stack.processes()["valkey"]
        measured = {"well": sendings(stack, "well", count)}
        os.kill(valkey, signal.SIGSTOP)
        measured["silent"] = sendings(stack, "silent", count)
        os.kill(valkey, signal.SIGCONT)
        os.kill(valkey, signal.SIGKILL)
        measured["refusing"] = sendings(stack, "refusing", 3)
        until(lambda: stack.processes()["valkey"] != valkey)
        measured["back"] = sendings(stack, "back", count)
        usual = statistics.median(measured["well"])
        print(f"{'Redis is':10} {'median':>9} {'slowest':>9} {'ratio':>6}")
        for state, took in measured.items():
            median = statistics.median(took)
            print(f"{state:10} {median * 1000:6.0f} ms {max(took) * 1000:6.0f} ms {median / usual:>6.2f}")
    finally:
        stack.stop()
        stack.remove()


if __name__ == "__main__":
    main()
