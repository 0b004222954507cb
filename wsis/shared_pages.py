"""Pages that are the same for everyone who has no cookie of ours but that of their language.

Such a page is drawn once a second at most, for each address and language, and says so: a proxy may keep it as long.
Across an instant that changes it, as a deadline does, it is not kept at all. Whoever has written something, or is
signed in, gets a page of their own, and no proxy keeps that.
"""

import hashlib
import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.text import compress_string
from django.utils.translation import get_language

SECONDS = 1
MAX_PAGES = 500
MAX_PAGE_BYTES = 200_000  # a larger one is drawn for each who asks: five hundred of them would fill the memory

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class _Page:
    state: Hashable
    ends_at: float  # on the monotonic clock
    content: bytes
    compressed: bytes
    headers: dict[str, str]
    etag: str


_pages: dict[Hashable, _Page] = {}


def shared_page(
    *, state: Callable[[], Hashable], seconds_left: Callable[[], float] = lambda: math.inf
) -> Callable[[View], View]:
    """Decorates a view whose page depends on its address, the language and `state` alone, but for those with a cookie.

    Args:
        state: names what the page is made of; another one means that it is drawn anew.
        seconds_left: until the next instant that changes it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def shared(request: HttpRequest, **address: Any) -> HttpResponse:
            if not is_for_everyone(request):
                response = view(request, **address)
                patch_vary_headers(response, ["Cookie"])
                return response
            return _shared(request, lambda: view(request, **address), state, seconds_left)

        return shared

    return decorate


def is_for_everyone(request: HttpRequest) -> bool:
    """Whether the request says nothing of who asks."""
    impersonal = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    return request.method in {"GET", "HEAD"} and request.COOKIES.keys() <= impersonal


def _shared(
    request: HttpRequest,
    draw: Callable[[], HttpResponse],
    state: Callable[[], Hashable],
    seconds_left: Callable[[], float],
) -> HttpResponse:
    key = (request.get_host(), request.get_full_path(), get_language())
    page = _pages.get(key)
    if page is None or page.state != state() or time.monotonic() >= page.ends_at:
        response = draw()
        left = seconds_left()
        # What made a cookie of its own is for that visitor alone.
        is_large = len(response.content) > MAX_PAGE_BYTES
        if response.status_code != 200 or response.cookies or left <= SECONDS or is_large:
            patch_vary_headers(response, ["Cookie"])
            return response
        page = _Page(
            state(),
            time.monotonic() + SECONDS,
            response.content,
            compress_string(response.content),
            {name: value for name, value in response.items() if name not in {"Cache-Control", "Content-Length"}},
            f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"',
        )
        if len(_pages) >= MAX_PAGES:
            _pages.clear()
        _pages[key] = page
    return _answer(request, page)


def _answer(request: HttpRequest, page: _Page) -> HttpResponse:
    is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.compressed if is_compressed else page.content, headers=dict(page.headers))
    if is_compressed:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = f"public, max-age={SECONDS}, must-revalidate"
    response["ETag"] = page.etag
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return get_conditional_response(request, etag=page.etag, response=response) or response
