"""The log of who came in and who did not, for administrators to read.

It names accounts and no addresses: networks are pseudonyms. Each event is one row, written beside what it tells of.
"""

from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import SecurityEvent
from wsis.network import client_network

Kind = SecurityEvent.Kind
MAX_USERNAME_CHARACTERS = 150


def note(kind: SecurityEvent.Kind, username: str, request: HttpRequest | None = None) -> None:
    """Writes one event. Without a request it was done by a command on the server."""
    SecurityEvent.objects.create(
        at=timezone.now(),
        kind=kind,
        username=username.replace("\0", "")[:MAX_USERNAME_CHARACTERS],
        network=client_network(request) if request is not None else "",
    )


def delete_outdated() -> int:
    """Deletes what was kept long enough. Returns how many."""
    outdated = SecurityEvent.objects.filter(at__lte=timezone.now() - settings.SECURITY_LOG_KEPT)
    return int(outdated.delete()[0])


@receiver(user_logged_in)
def _note_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    kind = Kind.SIGNED_IN
    if settings.OIDC_ISSUER:
        kind = Kind.EMERGENCY if user.get_username() == settings.EMERGENCY_ACCOUNT else Kind.SIGNED_ON
    note(kind, user.get_username(), request)


@receiver(user_logged_out)
def _note_sign_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if user is not None:
        note(Kind.SIGNED_OUT, user.get_username(), request)


@receiver(user_login_failed)
def _note_refusal(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if "username" not in credentials:
        note(Kind.SIGN_ON_REFUSED, "", request)
        return
    # While a name is locked out, that is what is noted.
    if not getattr(request, "axes_locked_out", False):
        note(Kind.WRONG_PASSWORD, str(credentials.get("username", "")), request)


@receiver(user_locked_out)
def _note_lockout(sender: Any, request: HttpRequest, username: str, **kwargs: Any) -> None:
    note(Kind.LOCKED_OUT, str(username), request)
