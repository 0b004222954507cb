"""When more is asked for than can be answered, reading is put off first: with an honest page, and at once.

A reader who has waited for seconds would wait for seconds at the next page too, and everybody behind them. Sending and
saving are never put off, nor is the workspace.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from wsis.request_queue import Lane, lane_of, waited_here

READERS_WAIT = 2.0  # seconds at most, for a page to be begun
RETRY_AFTER = 10  # seconds

_pages: dict[str | None, bytes] = {}


class BackPressure:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if waited_here(request) > READERS_WAIT and _is_reading(request):
            return _put_off(request)
        return self.get_response(request)


def _is_reading(request: HttpRequest) -> bool:
    return lane_of(request.method or "", request.path, request.headers.get("Cookie", "")) is Lane.READING


def _put_off(request: HttpRequest) -> HttpResponse:
    # Drawn once for each language: it must cost next to nothing.
    if (page := _pages.get(get_language())) is None:
        page = _pages[get_language()] = render(request, "errors/busy.html", {"seconds": RETRY_AFTER}).content
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)
