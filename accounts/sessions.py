"""How long somebody stays signed in to the workspace: eight hours, and half an hour without a page."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

MAX_SECONDS = 8 * 3600
MAX_IDLE_SECONDS = 30 * 60
# Not every page is worth a write.
_NOTED_EVERY_SECONDS = 60
_SIGNED_IN, _SEEN = "signed_in_at", "seen_at"


@receiver(user_logged_in)
def _note_sign_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session[_SIGNED_IN] = request.session[_SEEN] = time.time()


def is_over(session: SessionBase, now: float) -> bool:
    signed_in, seen = session.get(_SIGNED_IN, 0.0), session.get(_SEEN, 0.0)
    return bool(now - signed_in >= MAX_SECONDS or now - seen >= MAX_IDLE_SECONDS)


class SessionLimits:
    """Signs out whoever was away, or in, for too long. A stakeholder has no session, and costs no look-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = time.time()
            if is_over(request.session, now):
                logout(request)
            elif now - request.session[_SEEN] >= _NOTED_EVERY_SECONDS:
                request.session[_SEEN] = now
        return self.get_response(request)
