"""Who is about to take contacts out is asked for the password again, unless it was given minutes ago."""

import time

from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.sessions import SIGNED_IN

RECENT_SECONDS = 15 * 60
_CONFIRMED = "confirmed_at"


def is_recent(request: HttpRequest) -> bool:
    given = max(request.session.get(SIGNED_IN, 0.0), request.session.get(_CONFIRMED, 0.0))
    return bool(time.time() - given < RECENT_SECONDS)


def confirm(request: HttpRequest, password: str) -> bool:
    """Whether it is the password of whoever is signed in. Guesses are counted and logged as at the door."""
    found = authenticate(request, username=request.user.get_username(), password=password)
    if found is None or found.pk != request.user.pk:
        return False
    request.session[_CONFIRMED] = time.time()
    return True
