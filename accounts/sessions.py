"""How long somebody stays signed in: eight hours, half an hour without a page, or until they end it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models.session import BROWSER, MAX_BROWSER_CHARACTERS, WorkspaceSession
from wsis.sealing import hash_of

MAX_SECONDS = 8 * 3600
MAX_IDLE_SECONDS = 30 * 60
# Not every page is worth a write.
_NOTED_EVERY_SECONDS = 60
_SHOWN_CHARACTERS = 16  # of a hash that opens nothing
BY_ITSELF = "X-By-Itself"  # a header that our own scripts send with what nobody pressed
SIGNED_IN, SEEN = "signed_in_at", "seen_at"


@receiver(user_logged_in)
def _note_sign_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session[SIGNED_IN] = request.session[SEEN] = time.time()
    request.session[BROWSER] = request.headers.get("User-Agent", "")[:MAX_BROWSER_CHARACTERS]


def is_over(session: SessionBase, now: float) -> bool:
    signed_in, seen = session.get(SIGNED_IN, 0.0), session.get(SEEN, 0.0)
    return bool(now - signed_in >= MAX_SECONDS or now - seen >= MAX_IDLE_SECONDS)


def of_user(request: HttpRequest) -> list[dict[str, Any]]:
    """The browsers that the user is signed in from, this one first, then the latest."""
    here = hash_of(request.session.session_key or "")
    rows = WorkspaceSession.objects.filter(user=request.user.pk, expire_date__gt=timezone.now())
    shown = [
        {
            "id": row.session_key[:_SHOWN_CHARACTERS],
            "browser": row.browser,
            "is_here": row.session_key == here,
            "seen_at": datetime.fromtimestamp(row.get_decoded().get(SEEN, 0.0), UTC),
        }
        for row in rows
    ]
    return sorted(shown, key=lambda one: (one["is_here"], one["seen_at"]), reverse=True)


def end(request: HttpRequest, which: str = "") -> int:
    """Ends one of the user's other sessions, or all others. Returns how many."""
    if not (which.isascii() and (which.isalnum() or not which)):
        return 0
    rows = WorkspaceSession.objects.filter(user=request.user.pk)
    others = rows.exclude(session_key=hash_of(request.session.session_key or ""))
    chosen = others.filter(session_key__startswith=which) if which else others
    return int(chosen.delete()[0])


class SessionLimits:
    """Signs out whoever was away, or in, for too long. A stakeholder has no session, and costs no look-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = time.time()
            if is_over(request.session, now):
                logout(request)
            # What a page asks by itself is no sign of a person.
            elif now - request.session[SEEN] >= _NOTED_EVERY_SECONDS and BY_ITSELF not in request.headers:
                request.session[SEEN] = now
        return self.get_response(request)
