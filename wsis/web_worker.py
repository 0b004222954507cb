"""The web worker: gunicorn starts, watches and replaces the processes; within each, Waitress serves.

gunicorn's own threads read a request as it comes, so two dozen clients that send slowly stop the site. Waitress gathers
requests, and what slow readers have not fetched yet, in one thread; a thread of the pool is taken when a request is
whole (docs/adr/0018).
"""

import logging
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.workers.base import Worker
from waitress import create_server, wasyncore
from waitress.server import BaseWSGIServer

from wsis.request_queue import RequestQueue

access_log = logging.getLogger("wsis.access")

CONNECTIONS = 1_000  # in one process; more wait in the system's queue
# A page takes some milliseconds of processor time: threads that take turns in the midst of it slow each other down.
SWITCH_SECONDS = 0.02
IDLE_SECONDS = 60  # after which a silent connection is closed
FRESH_SECONDS = 2.0
MAX_HEADER_BYTES = 32_768
MAX_BODY_BYTES = 16_000_000  # Django refuses less than that, with a page
MEMORY_BYTES = 512_000  # of one request, or one answer; what is more waits in a temporary file

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_access_log(application: WSGIApplication, note: Callable[[], None]) -> WSGIApplication:
    """Logs each request: the address and the outcome; no query, no cookie, no address of the visitor.

    Args:
        note: called after each request.
    """

    def logged(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        began, answer = time.monotonic(), {"status": "-", "bytes": "-"}

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            answer["status"] = status.partition(" ")[0]
            answer["bytes"] = next((value for name, value in headers if name.lower() == "content-length"), "-")
            return start_response(status, headers, *more)

        try:
            return application(environ, start)
        finally:
            milliseconds = round((time.monotonic() - began) * 1000)
            method, path = environ.get("REQUEST_METHOD", "-"), environ.get("PATH_INFO", "-")
            access_log.info("%s %s %s %s bytes %d ms", method, path, answer["status"], answer["bytes"], milliseconds)
            note()

    return logged


class WaitressWorker(Worker):  # type: ignore[misc]
    """One process: a loop that reads and writes, and `threads` threads that answer."""

    alive: bool  # gunicorn's: false once it is to end

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requests_left = self.max_requests
        self.channels: dict[int, Any] = {}

    def _note_request(self) -> None:
        self.requests_left -= 1
        # Threads may pass the mark together.
        if self.requests_left <= 0 and self.alive:
            self.log.info("Autorestarting worker after %d requests", self.max_requests)
            self.alive = False

    def run(self) -> None:
        _allow_many_files()
        sys.setswitchinterval(SWITCH_SECONDS)
        # What is wanting in the pool is no news: it is what the queue is for.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        queue = RequestQueue()
        queue.set_thread_count(self.cfg.threads)
        server = create_server(
            with_access_log(self.wsgi, self._note_request),
            _dispatcher=queue,
            map=self.channels,
            sockets=[listener.sock for listener in self.sockets],
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            max_request_header_size=MAX_HEADER_BYTES,
            max_request_body_size=MAX_BODY_BYTES,
            inbuf_overflow=MEMORY_BYTES,
            outbuf_overflow=MEMORY_BYTES,
            asyncore_use_poll=True,
            ident=None,  # which program answers is nobody's business
            # Django decides whom to believe: TRUSTED_HOPS.
            clear_untrusted_proxy_headers=False,
        )
        while self.alive and self.ppid == os.getppid():
            self._turn(1.0)
        self._finish()
        server.task_dispatcher.shutdown(timeout=1)

    def _turn(self, seconds: float) -> None:
        self.notify()
        wasyncore.loop(timeout=seconds, map=self.channels, use_poll=True, count=1)

    def _finish(self) -> None:
        """Takes no new connection, and ends when those that are at work have their answers."""
        ends_at = time.monotonic() + self.cfg.graceful_timeout
        servers = [one for one in self.channels.values() if isinstance(one, BaseWSGIServer)]
        for one in servers:
            one.accepting = False
        while time.monotonic() < ends_at and any(map(_is_busy, servers)):
            self._turn(0.1)


def _is_busy(server: BaseWSGIServer) -> bool:
    """Whether something is being answered, or may be about to come: who has just connected has a request to send."""
    fresh = time.time() - FRESH_SECONDS
    return any(
        channel.requests or channel.total_outbufs_len or channel.last_activity > fresh
        for channel in list(server.active_channels.values())
    )


def _allow_many_files() -> None:
    """A connection is an open file, and a shell's limit is often 1,024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
