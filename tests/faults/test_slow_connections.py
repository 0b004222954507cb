"""Clients that send slowly, read slowly or say nothing: hundreds of them hold up nobody else.

`pytest tests/faults/test_slow_connections.py -s` prints how long the others waited.
"""

import contextlib
import http.client
import select
import socket
import sys
import time
from urllib.parse import urlsplit

import psutil
import pytest

from tests.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MANY = 500
POST = b"POST /elements-paper/themes/1/ HTTP/1.1\r\nHost: %b\r\nContent-Length: 100000\r\n\r\nabc"
WAYS = {
    "say nothing": b"",
    "half a line": b"GET /he",
    "half of the headers": b"GET / HTTP/1.1\r\nHost: %b\r\nX-A: ",
    "a body that does not come": POST,
}


@pytest.fixture(scope="module")
def stack():
    with Stack.ready() as started:
        yield started


def health(stack: Stack) -> tuple[int, str | None]:
    """The status, and what the answer says of its server."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", "/health/")
        answer = connection.getresponse()
        answer.read()
    return answer.status, answer.headers["Server"]


def open_many(stack: Stack, begins: bytes, stay: contextlib.ExitStack, count: int = MANY) -> list[socket.socket]:
    host = urlsplit(stack.url).netloc.encode()
    opened = []
    for _turn in range(count):
        one = stay.enter_context(contextlib.closing(socket.create_connection(("127.0.0.1", stack.port), timeout=30)))
        one.sendall(begins.replace(b"%b", host))
        opened.append(one)
    return opened


def heard_from(sockets: list[socket.socket]) -> list[tuple[int, int]]:
    """Those that the server answered, or closed."""
    poll = select.poll()
    for one in sockets:
        poll.register(one, select.POLLIN | select.POLLHUP)
    return poll.poll(0)


@pytest.mark.parametrize("way", WAYS)
def test_five_hundred_slow_ones(stack, way):
    with contextlib.ExitStack() as stay:
        slow = open_many(stack, WAYS[way], stay)
        time.sleep(0.5)
        began = time.monotonic()
        assert [health(stack) for _turn in range(5)] == [(200, None)] * 5
        sys.stdout.write(f"beside {MANY} that {way}: {(time.monotonic() - began) / 5 * 1000:.0f} ms each\n")
        # Not because the slow ones were sent away: every one of them is still connected, and waits.
        assert heard_from(slow) == []
        # Who was slow is answered too, when it goes on.
        if way == "half a line":
            slow[7].sendall(b"alth/ HTTP/1.1\r\nHost: " + urlsplit(stack.url).netloc.encode() + b"\r\n\r\n")
            assert slow[7].recv(100).startswith(b"HTTP/1.1 200 OK")


def test_slow_readers(stack):
    """They ask for pages, one after the other, and fetch nothing of the answers."""
    ask = b"GET /elements-paper/ HTTP/1.1\r\nHost: %b\r\n\r\n"
    with contextlib.ExitStack() as stay:
        readers = open_many(stack, ask * 2, stay, count=100)
        assert [health(stack) for _turn in range(5)] == [(200, None)] * 5
        # None of them was lost for the others: the answer is there when it is fetched.
        assert readers[0].recv(100).startswith(b"HTTP/1.1 200 OK")


def test_a_request_that_came_whole_is_answered_before_the_process_ends(stack):
    """Each process is told to stop while pages are asked for: not one of them stays without an answer."""
    before = stack.processes()["web"]
    workers = psutil.Process(before).children()
    assert workers
    answers = []
    for worker in workers:
        worker.terminate()
        answers += [health(stack)[0] for _turn in range(10)]
    psutil.wait_procs(workers, timeout=20)
    assert answers == [200] * len(answers)
    assert stack.processes()["web"] == before
