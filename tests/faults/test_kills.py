"""kill -9, under load, of everything there is: what was acknowledged is there, once; mails at most once each more."""

import os
import signal
import threading
import time
from collections import Counter
from functools import partial

import psutil
import pytest

from tests.faults.client import Stakeholder
from tests.faults.database import rows
from tests.stack import Stack, until

pytestmark = pytest.mark.timeout(900)

CLIENTS = 6
LOAD = 22  # seconds


def a_child(stack: Stack, part: str) -> int | None:
    return next((child.pid for child in psutil.Process(stack.processes()[part]).children()), None)


def is_killed(stack: Stack, part: str, *, is_child: bool) -> bool:
    """Whether there was one to kill: a part that has just ended by itself, or just started, is tried again."""
    try:
        victim = a_child(stack, part) if is_child else stack.processes()[part]
        if victim is not None:
            os.kill(victim, signal.SIGKILL)
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False
    return victim is not None


def test_everything_killed_once_under_load(run, post):
    stack = run(EMAIL_URL=f"smtp://127.0.0.1:{post.port}")
    result: dict[str, str] = {}  # reference to the text it was given for
    gave_up: list[str] = []
    ends_at = time.monotonic() + LOAD

    def stakeholder(number: int) -> None:
        turn = 0
        while time.monotonic() < ends_at:
            turn += 1
            name = f"s{number}t{turn}"
            one = Stakeholder(stack.port, name)
            patience = ends_at + 240
            try:
                key = one.insist(lambda one=one, name=name: one.ready(f"Text of {name}."), until=patience)
                answer = one.insist(lambda one=one, key=key: one.send(key), until=patience)
                assert answer.status == 303, answer.page
                result[one.insist(one.reference, until=patience)] = f"Text of {name}."
            except TimeoutError as error:
                gave_up.append(str(error))

    threads = [threading.Thread(target=stakeholder, args=[n]) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    killed = 0
    for part, is_child in (("web", True), ("worker", True), ("postgres", False), ("worker", False), ("web", False)):
        time.sleep(LOAD / 6)
        killed += until(partial(is_killed, stack, part, is_child=is_child))
    for thread in threads:
        thread.join()
    assert (killed, gave_up) == (5, [])
    assert len(result) > CLIENTS
    stored = dict(rows(stack, "list(Contribution.objects.values_list('submission__reference', 'text'))"))
    assert {reference: stored.get(reference) for reference in result} == result
    twice = [text for text, count in Counter(stored.values()).items() if count > 1]
    assert twice == []
    # Every mail in the end; the lease of a killed worker's mail is five minutes, which nobody waits for here.
    rows(stack, "Mail.objects.filter(sent_at=None).update(due_at=database_now())")
    until(lambda: rows(stack, "Mail.objects.filter(sent_at=None).count()") == 0, "mails are left")
    sent = Counter(message_id for _to, message_id in post.got)
    assert set(sent) == set(rows(stack, "list(Mail.objects.values_list('message_id', flat=True))"))
    # A worker killed between sending and marking sends one mail again; two workers were killed.
    assert sum(count - 1 for count in sent.values()) <= 2
    assert max(sent.values()) <= 2
