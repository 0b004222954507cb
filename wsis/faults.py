"""What a visitor is told when something outside the page fails, with every word they sent given back."""

import logging
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wsis.typography import label_value

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


# All forms of the workspace, in the place of a name: each asks by itself before it takes something away.
WORKSPACE = "workspace"
# The public forms that may be posted again from a page of ours. Never those that take something away.
REPLAYED = {"write", "about-you", "send", "publication", "offline", "offline-store", WORKSPACE}


def given_back(
    request: HttpRequest, template: str, *, status: int, replayed: Collection[str] = REPLAYED, **context: Any
) -> HttpResponse:
    """A page that shows what was typed and, for the public forms in `replayed`, posts it again by a click.

    A form of the workspace goes again, too, wherever a public one may: not one with a password or a file, which no page
    gives back.
    """
    match = request.resolver_match
    fields = posted_fields(request)
    is_public = match is not None and match.app_name == "submissions" and match.url_name in replayed
    is_workspace = match is not None and match.app_name == "admin" and WORKSPACE in replayed
    is_whole = not request.FILES and not any("password" in field.name for field in fields)
    can_send_again = request.method == "POST" and (is_public or (is_workspace and is_whole))
    is_typed = any(field.is_typed for field in fields)
    shown = {"fields": fields, "is_typed": is_typed, "can_send_again": can_send_again, "is_workspace": is_workspace}
    return render(request, template, {**shown, **context}, status=status)


def posted_fields(request: HttpRequest) -> list["PostedField"]:
    """What was posted, but for what the page itself put into its form to be let in."""
    return [
        PostedField(name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", AGAIN}
    ]


# In a form that was given back once already.
AGAIN = "given-back"

# By the last part of a field's name, in whatever form it stands.
LABELS = {
    "text": gettext_lazy("Your input"),
    "pasted": gettext_lazy("Your input"),
    "paragraph": gettext_lazy("Paragraph"),
    "wording": gettext_lazy("Proposed wording"),
    "reason": gettext_lazy("Reason"),
    "organisation": gettext_lazy("Organisation"),
    "contact_name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
}
# “row-2-wording”: the third row's, without its last part. Parts of a file count from 1.
_ROW = re.compile(r"([a-z_]+)-(\d{1,4})-(?=[a-z_]+$)")


@dataclass(frozen=True)
class PostedField:
    """What was posted under a name. A fault has no form at hand, and its page must need nothing that may be away."""

    name: str
    value: str

    @property
    def is_typed(self) -> bool:
        """Whether somebody wrote it to be read: a text, or more than a word of ASCII, which is what keys, numbers and
        addresses are. No password is ever shown."""
        if not self.value.strip() or "password" in self.name:
            return False
        return self._last_part in LABELS or not self.value.isascii() or len(self.value.split()) > 1

    @property
    def label(self) -> str:
        """As its form has it where that is known; else the field's own name, which is English."""
        label = str(LABELS.get(self._last_part) or capfirst(re.sub("[-_]", " ", self._last_part)))
        if (row := _ROW.match(self.name)) is None:
            return label
        kind, n = row.groups()
        part = _("Part %(n)s") % {"n": n} if kind == "piece" else _("Row %(n)s") % {"n": int(n) + 1}
        return label_value(part, label)

    @property
    def can_be_edited(self) -> bool:
        """Whether it is a field in which one types. What a page carried for its form is not for people to read."""
        return self.is_typed and self._last_part in LABELS

    @property
    def _last_part(self) -> str:
        return _ROW.sub("", self.name)


def came_from_here(request: HttpRequest) -> bool | None:
    """Whether the browser says that one of our own pages posted this. None when it says nothing."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site == "same-origin"
    if (origin := request.headers.get("Origin")) is not None:
        return urlsplit(origin).netloc == request.get_host()
    return None
