"""Who is about to take contacts out is asked for the password again, unless it was given minutes ago: here, or to the
organisation's provider, which says when it was.
"""

import time
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.sessions import SIGNED_IN
from accounts.sign_on.backend import came_through_it

RECENT_SECONDS = 15 * 60
_CONFIRMED = "confirmed_at"


def is_recent(request: HttpRequest) -> bool:
    # A provider lets somebody in who gave the password there days ago.
    signed_in = 0.0 if came_through_it(request) else request.session.get(SIGNED_IN, 0.0)
    given = max(signed_in, request.session.get(_CONFIRMED, 0.0))
    return bool(time.time() - given < RECENT_SECONDS)


def confirm(request: HttpRequest, password: str) -> bool:
    """Whether it is the password of whoever is signed in. Guesses are counted and logged as at the door."""
    found = authenticate(request, username=request.user.get_username(), password=password)
    if found is None or found.pk != request.user.pk:
        return False
    request.session[_CONFIRMED] = time.time()
    return True


def note_provider(request: HttpRequest, auth_time: Any) -> None:
    """Notes when the provider was given the password, if it says so."""
    if isinstance(auth_time, int):
        request.session[_CONFIRMED] = float(min(auth_time, time.time()))
