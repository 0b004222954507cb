"""What a visitor is told when something outside the page fails, with every word they sent given back."""

import logging
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)

RETRY_AFTER = 30  # seconds


class WhenTheDatabaseIsAway:
    """A stopped, full or overloaded PostgreSQL is a 503 with Retry-After, and the form ready to be sent again.

    psycopg's operational errors are the database's own trouble: a lost connection, a full disk, a time-out, too many
    connections. What a constraint refuses is another kind, and no business of this middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        return away(request, exception)


def away(request: HttpRequest, exception: Exception) -> HttpResponse:
    log.error("The database is away: %s", type(exception.__cause__ or exception).__name__)
    response = given_back(request, "errors/503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


# The public forms that may be posted again from a page of ours. Never those that take something away.
REPLAYED = {"write", "about-you", "send", "publication", "offline", "offline-store"}


def given_back(
    request: HttpRequest, template: str, *, status: int, replayed: Collection[str] = REPLAYED, **context: Any
) -> HttpResponse:
    """A page that shows what was typed and, for the public forms in `replayed`, posts it again by a click."""
    match = request.resolver_match
    can_send_again = (
        request.method == "POST"
        and match is not None
        and match.app_name == "submissions"
        and match.url_name in replayed
    )
    posted = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [(name, value) for name, value in posted if name != "csrfmiddlewaretoken"]
    shown = {
        "texts": [value for name, value in fields if _is_typed(name, value)],
        "fields": fields,
        "can_send_again": can_send_again,
    }
    return render(request, template, {**shown, **context}, status=status)


def _is_typed(name: str, value: str) -> bool:
    """Whether somebody wrote it to be read: a text, or more than a word of ASCII, which is what keys, numbers and
    addresses are. No password is ever shown."""
    if not value.strip() or "password" in name:
        return False
    return name in {"text", "pasted"} or not value.isascii() or len(value.split()) > 1


def came_from_here(request: HttpRequest) -> bool | None:
    """Whether the browser says that one of our own pages posted this. None when it says nothing."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site == "same-origin"
    if (origin := request.headers.get("Origin")) is not None:
        return urlsplit(origin).netloc == request.get_host()
    return None
