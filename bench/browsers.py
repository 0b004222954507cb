"""Browsers that cost little, for the benches: one connection kept open, cookies, the fields of a page's form.

They run in processes of their own, beside what they measure: what they take is theirs, and is printed apart.
"""

import multiprocessing
import re
import socket
import time
import urllib.parse
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

_HIDDEN = re.compile(r"<input[^>]*type=\"hidden\"[^>]*>")
_NAME = re.compile(r'name="([^"]*)"')
_VALUE = re.compile(r'value="([^"]*)"')


class Refused(RuntimeError):
    """An answer that the journey did not expect: a bench that goes on would measure something else."""


@dataclass
class Page:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        raw = zlib.decompress(self.body, 31) if self.headers.get("content-encoding") == "gzip" else self.body
        return raw.decode()

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    def hidden_fields(self) -> dict[str, str]:
        """The hidden fields of all its forms, without the token."""
        found = {}
        for tag in _HIDDEN.findall(self.text):
            name, value = _NAME.search(tag), _VALUE.search(tag)
            if name and name[1] != "csrfmiddlewaretoken":
                found[name[1]] = unescape(value[1]) if value else ""
        return found


@dataclass
class Browser:
    """One visitor. Raises `Refused` for an answer of another status than the one that was expected."""

    port: int
    host: str = "localhost"
    cookies: dict[str, str] = field(default_factory=dict)
    csrf_cookie: str = "csrftoken"
    connection: socket.socket | None = None
    buffer: bytes = b""

    def get(self, path: str, status: int = 200) -> Page:
        return self._expect(self.ask(f"GET {path}"), status, path)

    def post(self, path: str, form: dict[str, Any], status: int = 303) -> Page:
        return self._expect(self.ask_form(path, form), status, path)

    def ask_form(self, path: str, form: dict[str, Any]) -> Page:
        token = {"csrfmiddlewaretoken": self.cookies.get(self.csrf_cookie, "")}
        body = urllib.parse.urlencode({**form, **token}, doseq=True).encode()
        lines = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return self.ask(f"POST {path}", lines, body)

    def follow(self, page: Page) -> tuple[str, Page]:
        """To where an answer leads. Returns the address and the page there."""
        while page.status in {301, 302, 303}:
            path = re.sub(r"^https?://[^/]+", "", page.location)
            page = self.ask(f"GET {path}")
        return path, self._expect(page, 200, path)

    def _expect(self, page: Page, status: int, path: str) -> Page:
        if page.status != status:
            raise Refused(f"{path}: {page.status} and not {status}\n{page.text[:2000]}")
        return page

    def ask(self, what: str, lines: str = "", body: bytes = b"") -> Page:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{what} HTTP/1.1\r\nHost: {self.host}\r\nAccept-Encoding: gzip\r\nCookie: {cookies}\r\n{lines}\r\n"
        return self.exchange(head.encode() + body)

    def exchange(self, request: bytes) -> Page:
        """Sends the bytes and reads the answer. A connection that the server has closed meanwhile is made anew."""
        for is_second in (False, True):
            if self.connection is None:
                self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.buffer = b""
            try:
                self.connection.sendall(request)
                return self._read()
            except (ConnectionError, EOFError):
                self.close()
                if is_second:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _fill(self) -> None:
        assert self.connection is not None
        more = self.connection.recv(262_144)
        if not more:
            raise EOFError
        self.buffer += more

    def _read(self) -> Page:
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            self._fill()
        first, *lines = self.buffer[:end].decode("latin-1").split("\r\n")
        self.buffer = self.buffer[end + 4 :]
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            value = value.strip()
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
            headers[name.lower()] = value
        status = int(first.split(" ", 2)[1])
        body = self._chunks() if headers.get("transfer-encoding") == "chunked" else self._bytes(headers, status)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Page(status, headers, body)

    def _bytes(self, headers: dict[str, str], status: int) -> bytes:
        length = 0 if status in {204, 304} else int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            self._fill()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return body

    def _chunks(self) -> bytes:
        body = b""
        while True:
            while b"\r\n" not in self.buffer:
                self._fill()
            size, _, self.buffer = self.buffer.partition(b"\r\n")
            n = int(size, 16)
            while len(self.buffer) < n + 2:
                self._fill()
            body += self.buffer[:n]
            self.buffer = self.buffer[n + 2 :]
            if not n:
                return body


Work = Callable[[int, int], None]
"""What one browser does once: (port, a number that no other has)."""


def crowd(work: Work, port: int, *, browsers: int, seconds: float) -> tuple[int, float, float]:
    """Lets so many browsers, each in a process of its own, do `work` again and again.

    Returns:
        How often it was done, in how many seconds, and the seconds of processor time that the browsers took.

    Raises:
        Refused: one of them got another answer than the journey expects.
    """
    context = multiprocessing.get_context("fork")
    answers: Any = context.SimpleQueue()
    start = context.Barrier(browsers + 1)
    processes = [
        context.Process(target=_visit, args=(work, port, n, seconds, (start, answers))) for n in range(browsers)
    ]
    for process in processes:
        process.start()
    start.wait()
    began = time.monotonic()
    outcomes = [answers.get() for _process in processes]
    took = time.monotonic() - began
    for process in processes:
        process.join()
    faults = [fault for _done, _cpu, fault in outcomes if fault]
    if faults:
        raise Refused(faults[0])
    return sum(done for done, _cpu, _fault in outcomes), took, sum(cpu for _done, cpu, _fault in outcomes)


def _visit(work: Work, port: int, number: int, seconds: float, pipes: tuple[Any, Any]) -> None:
    start, answers = pipes
    start.wait()
    ends_at, done, fault, cpu = time.monotonic() + seconds, 0, "", time.process_time()
    try:
        while time.monotonic() < ends_at:
            work(port, number * 1_000_000 + done)
            done += 1
    except Exception as error:  # noqa: BLE001 - told by the parent, which ends the bench
        fault = f"{type(error).__name__}: {error}"
    answers.put((done, time.process_time() - cpu, fault))
