"""What a visitor is told when something outside the page fails, with every word they sent given back."""

import logging
from collections.abc import Callable

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
        log.error("The database is away: %s", type(exception.__cause__ or exception).__name__)
        response = given_back(request, "errors/503.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response


def given_back(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """A page that shows what was posted and, for the public forms, posts it again with one click."""
    match = request.resolver_match
    is_public = match is not None and match.app_name == "submissions"
    fields = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    return render(
        request,
        template,
        {
            "text": request.POST.get("text", ""),
            "fields": fields if is_public else [],
            "can_send_again": is_public and request.method == "POST",
        },
        status=status,
    )
