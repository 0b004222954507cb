"""Guessing passwords: five wrong ones lock a name out for a quarter of an hour, from the network they came from.

By name and network together, so that nobody locks out a colleague from elsewhere. Whoever tries many names from one
network meets a limit of the network's own. What is refused costs no hashing. Both are counted in Valkey; without it,
people can still sign in.
"""

import logging
from typing import Any

from axes.handlers.cache import AxesCacheHandler
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from redis import RedisError

from accounts.security_log import Kind, note
from wsis.network import client_network
from wsis.rate_limits import Limit, seconds_to_wait

log = logging.getLogger(__name__)

# Right and wrong ones together: an office behind one address signs in undisturbed.
ATTEMPTS = Limit("sign-in", 60, 600)


class SignInHandler(AxesCacheHandler):  # type: ignore[misc]
    """django-axes', which stops nobody when Valkey is away."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        if not _is_of_a_name(credentials):
            return 0
        try:
            return int(super().get_failures(request, credentials))
        except RedisError as error:
            log.warning("Wrong passwords are not counted: %s", type(error).__name__)
            return 0

    def user_login_failed(self, sender: Any, credentials: Any, request: Any = None, **kwargs: Any) -> None:
        if not _is_of_a_name(credentials):
            return
        try:
            super().user_login_failed(sender, credentials, request, **kwargs)
        except RedisError as error:
            log.warning("Wrong passwords are not counted: %s", type(error).__name__)

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        try:
            super().user_logged_in(sender, request, user, **kwargs)
        except RedisError as error:
            log.warning("Wrong passwords are not forgotten: %s", type(error).__name__)


def _is_of_a_name(credentials: Any) -> bool:
    """Who comes through the organisation guesses no password: what its provider refuses locks nobody out here."""
    return bool((credentials or {}).get("username"))


def too_many(request: HttpRequest) -> HttpResponse | None:
    """The answer to a network that tries too often; None to others. Each call counts once."""
    wait = seconds_to_wait(ATTEMPTS, client_network(request))
    if not wait:
        return None
    note(Kind.TOO_MANY, request.POST.get("username", ""), request)
    return _wait(request, wait)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """django-axes' answer for a name that is locked out."""
    return _wait(request, round(settings.AXES_COOLOFF_TIME.total_seconds()))


def _wait(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Too many attempts"), "minutes": -(-seconds // 60)}
    response = render(request, "admin/wait.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
