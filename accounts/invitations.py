"""The link with which an account sets up its second factor.

Without it a password alone would do for that: whoever has guessed one, before its owner was here, would be in for good.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation
from accounts.sign_on import provider
from wsis.sealing import hash_of

LIFETIME = timedelta(days=3)
_IN_SESSION = "invitation"


def invite(user: User) -> str:
    """A new link; those that were made before for this account end."""
    now, token = timezone.now(), secrets.token_urlsafe(32)
    Invitation.objects.filter(user=user, used_at=None).update(expires_at=now)
    Invitation.objects.create(user=user, token_hash=hash_of(token), expires_at=now + LIFETIME)
    return settings.PUBLIC_URL + reverse("admin:invitation", kwargs={"token": token})


def find(token: str) -> Invitation | None:
    """The invitation of a link that is still good."""
    return _good().filter(token_hash=hash_of(token)).first()


def password_form(request: HttpRequest, invitation: Invitation) -> "SetPasswordForm[User] | None":
    """For an account without a password, where no organisation signs people in: whoever is invited chooses one."""
    if invitation.user.has_usable_password() or provider.is_on():
        return None
    return SetPasswordForm(invitation.user, request.POST or None)


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """For this browser, until the second factor is set up."""
    request.session[_IN_SESSION] = invitation.pk


def is_invited(request: HttpRequest, user: User) -> bool:
    return _good().filter(pk=request.session.get(_IN_SESSION, 0), user=user).exists()


def use(request: HttpRequest, user: User) -> bool:
    """Uses the invitation up. False if somebody else was quicker; call it in the transaction that it is used for."""
    chosen = _good().filter(pk=request.session.get(_IN_SESSION, 0), user=user)
    return chosen.update(used_at=timezone.now()) == 1


def _good() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now())
