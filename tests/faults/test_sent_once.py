"""Sent once, stored once, over real HTTP against the started stack."""

import socket
import urllib.parse

import pytest

from tests.faults.client import Stakeholder
from tests.faults.database import rows
from tests.threads import at_once

pytestmark = pytest.mark.timeout(900)


def test_thirty_identical_posts_at_once_then_a_lost_answer(run):
    stack = run()
    one = Stakeholder(stack.port, "amina")
    key = one.ready("Thirty times.")
    answers = []

    def press():
        browser = Stakeholder(stack.port, "amina", dict(one.cookies))
        answer = browser.send(key)
        answers.append((answer.status, answer.location, browser.reference()))

    at_once(*[press] * 30)
    assert len(answers) == 30
    assert set(answers) == {(303, "/elements-paper/receipt/", one.reference())}
    assert rows(stack, "[Submission.objects.count(), Mail.objects.count()]") == [1, 1]

    # A response lost after COMMIT: the request goes out, the connection breaks, the cutoff passes, the retry comes.
    other = Stakeholder(stack.port, "boris")
    key = other.ready("The answer never came.")
    body = urllib.parse.urlencode({"key": key, "csrfmiddlewaretoken": other.cookies["csrftoken"]})
    cookies = "; ".join(f"{name}={value}" for name, value in other.cookies.items())
    with socket.create_connection(("127.0.0.1", stack.port)) as wire:
        wire.sendall(
            (
                f"POST /elements-paper/send/ HTTP/1.1\r\nHost: 127.0.0.1:{stack.port}\r\nCookie: {cookies}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )
    from tests.stack import until

    until(lambda: rows(stack, "Submission.objects.count()") == 2)
    rows(stack, "Consultation.objects.update(closes_at=database_now())")
    answer = other.send(key)
    assert (answer.status, answer.location) == (303, "/elements-paper/receipt/")
    assert other.reference() == rows(stack, "Submission.objects.get(contact_name='boris').reference")
    assert rows(stack, "[Submission.objects.count(), LateAttempt.objects.count()]") == [2, 0]
    # And one that really is late, so that the difference shows.
    late = Stakeholder(stack.port, "late")
    late.write("Too late.")
    assert late.write("Too late.").status == 409
