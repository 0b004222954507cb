"""deploy/nginx.conf, as containers run it, by a real nginx before a started install."""

import contextlib
import os
import resource
import select
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.stack import Stack, free_port, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CONFIGURATION = Path(__file__).resolve().parent.parent.parent / "deploy" / "nginx.conf"


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """The port of an nginx that passes on to a started install, and the install."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert nginx, "No nginx. `make test` installs it when root; else install it and try again."
    folder, port, behind = tmp_path_factory.mktemp("nginx"), free_port(), free_port()
    text = CONFIGURATION.read_text(encoding="utf-8")
    for there, here in (("web:8000", f"127.0.0.1:{behind}"), ("listen 8080", f"listen 127.0.0.1:{port}")):
        assert there in text
        text = text.replace(there, here)
    if os.geteuid() == 0:
        text = "user root;\n" + text  # the image's own user is the folder's owner too
    # It would write where the test's own machine may have other things.
    (folder / "nginx.conf").write_text(text.replace("/tmp/", f"{folder}/").replace("/dev/std", f"{folder}/std"))
    with Stack.ready(behind, TRUSTED_HOPS="1", PUBLIC_URL=f"http://127.0.0.1:{port}") as stack:
        process = subprocess.Popen(
            [nginx, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"], env={"PATH": os.defpath}
        )
        try:
            until(lambda: answer(port, "/front-health/")[0] == 204)
            yield port, stack, folder
        finally:
            process.terminate()
            process.wait(60)


def answer(port: int, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as found:
            return found.status, dict(found.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)
    except OSError:
        return 0, {}


def forwarded(number: int) -> dict[str, str]:
    """As a balancer says who it was: each number is another."""
    return {"X-Forwarded-For": f"198.51.100.{number}"}


def test_pages_and_files_pass_through(front):
    port, _stack, folder = front
    status, headers = answer(port, "/elements-paper/")
    assert status == 200
    assert headers["Server"] == "nginx"  # no version
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/elements-paper/", timeout=60).read().decode()
    sheet = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    assert answer(port, sheet)[0] == 200
    log = (folder / "stdout").read_text()
    assert "GET 200" in log
    assert "127.0.0.1" not in log


def test_slow_ones_are_bounded_and_hold_up_nobody(front):
    """A hundred connections from one address, and not one more."""
    port, _stack, _folder = front
    with contextlib.ExitStack() as stay:
        for _turn in range(150):
            one = stay.enter_context(contextlib.closing(socket.create_connection(("127.0.0.1", port))))
            one.sendall(b"POST /elements-paper/themes/1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        time.sleep(1)
        assert answer(port, "/health/")[0] == 429
        # Another address, which a balancer saw, is another matter.
        assert answer(port, "/health/", **{"X-Forwarded-For": "203.0.113.9"})[0] == 200


def test_five_thousand_slow_ones_hold_up_nobody(front):
    """Each has sent half of its headers, and then nothing."""
    port, _stack, _folder = front
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20_000), hard))
    with contextlib.ExitStack() as stay:
        slow = []
        for _turn in range(5_000):
            slow.append(stay.enter_context(contextlib.closing(socket.create_connection(("127.0.0.1", port)))))
            slow[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
        asked = [answer(port, "/elements-paper/", **forwarded(n)) for n in range(20)]
        assert [status for status, _headers in asked] == [200] * 20
        # They were there all the time: the last ones, at least, are waited for still.
        poll = select.poll()
        for one in slow[-100:]:
            poll.register(one, select.POLLIN | select.POLLHUP)
        assert poll.poll(0) == []


def test_a_page_for_everyone_is_kept_by_the_front_for_as_long_as_it_says(front):
    """Many readers at once are one request to the application; a cookie of ours makes it theirs."""
    port, stack, _folder = front

    def passed_on() -> int:
        log = (stack.folder / "logs" / "web.log").read_text(errors="replace")
        return log.count("GET /how-the-deadline-works/")

    before = passed_on()
    found = [answer(port, "/how-the-deadline-works/", **forwarded(n)) for n in range(200)]
    assert {status for status, _headers in found} == {200}
    assert {headers["Cache-Control"] for _status, headers in found} == {"public, max-age=1, must-revalidate"}
    until(lambda: passed_on() > before)
    assert passed_on() - before < 100
    before = passed_on()
    for n in range(20):
        assert answer(port, "/how-the-deadline-works/", Cookie="draft-1=x", **forwarded(n))[0] == 200
    until(lambda: passed_on() - before == 20)


def burst(port: int, count: int) -> bytes:
    """What is answered to so many requests in one breath, by each of four connections."""
    ask = b"GET /health/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.2\r\n\r\n"
    found = b""
    with contextlib.ExitStack() as stay:
        four = [stay.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)) for _turn in range(4)]
        for one in four:
            one.sendall(ask * count)
        for one in four:
            answered = b""
            while answered.count(b"HTTP/1.1 ") < count and (more := one.recv(65_536)):
                answered += more
            found += answered
    return found


def test_a_burst_from_one_address_is_cut_and_others_go_on(front):
    port, _stack, folder = front
    asked = [answer(port, "/health/", **{"X-Forwarded-For": "203.0.113.1"})[0] for _turn in range(20)]
    assert asked == [200] * 20
    # However slow the server behind it is here: it lets through what came in no faster than it may, and cuts the rest.
    cut, give_up_at = 0, time.monotonic() + 240
    while cut <= 100:
        assert time.monotonic() < give_up_at, f"{cut} of a burst were cut"
        cut += burst(port, 300).count(b"HTTP/1.1 429")
    assert answer(port, "/health/", **{"X-Forwarded-For": "203.0.113.3"})[0] == 200
    # No log names who it was.
    assert "203.0.113" not in (folder / "stdout").read_text() + (folder / "stderr").read_text()
