"""In which order requests are answered when more come than can be, and how long each has waited.

Sending comes first, then what is typed, then reading: a deadline's rush must not make late what was sent in time. A
request is stamped when it has come whole; what a proxy in front has stamped before counts for what staff are told, and
for nothing else, since its clock is another machine's.
"""

import re
import time
from collections import deque
from enum import IntEnum
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from waitress.task import ThreadedTaskDispatcher

MAX_WAIT = 600.0  # seconds; what a stamp says beyond that is no wait of ours


class Lane(IntEnum):
    """The first that has a request is served first."""

    SENDING = 0
    WRITING = 1
    READING = 2


# A visitor's last steps, and whether the process is alive. Whoever has no draft sends nothing.
_LAST_STEPS = re.compile(r"/(send|withdraw|receipt|late/[^/]+)/$")
_WORKSPACE = "/admin/"


def lane_of(method: str, path: str, cookies: str) -> Lane:
    if path == "/health/" or ("draft-" in cookies and _LAST_STEPS.search(path)):
        return Lane.SENDING
    # Staff extend a deadline in the midst of a rush.
    if method not in {"GET", "HEAD"} or path.startswith(_WORKSPACE):
        return Lane.WRITING
    return Lane.READING


class Lanes:
    """What Waitress takes for its queue: it appends a channel whose request has come, and pops the one to be served."""

    def __init__(self) -> None:
        self._lanes: tuple[deque[Any], ...] = tuple(deque() for _lane in Lane)

    def append(self, channel: Any) -> None:
        request = channel.requests[0]
        # As the application finds it: a header that nobody else can set, since it is overwritten here.
        request.headers["WSIS_CAME_AT"] = f"{time.monotonic():.6f}"
        # One that could not be read has neither method nor path; it is answered with an error all the same.
        method, path = getattr(request, "command", ""), getattr(request, "path", "")
        lane = lane_of(method, path, request.headers.get("COOKIE", ""))
        self._lanes[lane].append(channel)

    def popleft(self) -> Any:
        return next(lane for lane in self._lanes if lane).popleft()

    def __len__(self) -> int:
        return sum(map(len, self._lanes))


class RequestQueue(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Waitress's threads, with lanes for a queue."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Lanes()


def waited_here(request: HttpRequest) -> float:
    """Seconds from when the request had come whole until now; 0 under another server, which stamps nothing."""
    try:
        return _bounded(time.monotonic() - float(request.META["HTTP_WSIS_CAME_AT"]))
    except (KeyError, ValueError):
        return 0.0


def waited(request: HttpRequest) -> float:
    """The same, from when it reached the proxy in front where there is one that is trusted (X-Request-Start)."""
    stamp = re.fullmatch(r"t=(\d{1,11}\.\d{1,6})", request.META.get("HTTP_X_REQUEST_START", ""))
    at_front = time.time() - float(stamp[1]) if stamp and settings.TRUSTED_HOPS else 0.0
    return max(waited_here(request), _bounded(at_front))


def _bounded(seconds: float) -> float:
    return seconds if 0 <= seconds <= MAX_WAIT else 0.0
