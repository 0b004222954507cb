"""Clients that send slowly, read slowly or say nothing: hundreds of them hold up nobody else."""

import contextlib
import http.client
import socket
import time
from urllib.parse import urlsplit

import psutil
import pytest

from tests.stack import Stack, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

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


def health(stack: Stack) -> tuple[int, str | None, float]:
    """The status, what the answer says of its server, and the seconds that it took."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", "/health/")
        answer = connection.getresponse()
        answer.read()
    return answer.status, answer.headers["Server"], time.monotonic() - began


def open_many(stack: Stack, begins: bytes, stay: contextlib.ExitStack, count: int = MANY) -> list[socket.socket]:
    host = urlsplit(stack.url).netloc.encode()
    opened = []
    for _turn in range(count):
        one = stay.enter_context(contextlib.closing(socket.create_connection(("127.0.0.1", stack.port), timeout=30)))
        one.sendall(begins.replace(b"%b", host))
        opened.append(one)
    return opened


@pytest.mark.parametrize("way", WAYS)
def test_five_hundred_slow_ones(stack, way):
    with contextlib.ExitStack() as stay:
        slow = open_many(stack, WAYS[way], stay)
        time.sleep(0.5)
        answers = [health(stack) for _turn in range(5)]
        assert [(status, server) for status, server, _seconds in answers] == [(200, None)] * 5
        assert max(seconds for _status, _server, seconds in answers) < 1
        # Who was slow is answered too, when it goes on.
        if way == "half a line":
            slow[7].sendall(b"alth/ HTTP/1.1\r\nHost: " + urlsplit(stack.url).netloc.encode() + b"\r\n\r\n")
            assert slow[7].recv(100).startswith(b"HTTP/1.1 200 OK")


def test_slow_readers(stack):
    """They ask for pages, one after the other, and fetch nothing of the answers."""
    ask = b"GET /elements-paper/ HTTP/1.1\r\nHost: %b\r\n\r\n"
    with contextlib.ExitStack() as stay:
        readers = open_many(stack, ask * 2, stay, count=100)
        until(lambda: health(stack)[2] < 1, 60, what="the pages are made and wait to be read")
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
