"""Whose account it is that comes through the provider, and what it may: what its groups there say, and no more."""

import hashlib
import logging
import unicodedata
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import OrganisationIdentity

log = logging.getLogger(__name__)

ADMINISTRATOR = "Administrator"
"""In OIDC_GROUPS, beside the workspace's own groups: who may do everything."""

MAX_USERNAME_CHARACTERS = 150


def account_of(claims: dict[str, Any]) -> User | None:
    """The account of whoever the claims are about, made at the first time; its rights are set anew each time.

    Returns:
        None for somebody in no group of ours, whose rights end with it, and for an account that is switched off.

    Raises:
        django.db.IntegrityError: they came twice at once for the first time; the second time finds them.
    """
    roles = _roles(claims)
    subject = str(claims["sub"])
    with transaction.atomic(), pghistory.context(url="sign-on", subject=subject):
        rows = OrganisationIdentity.objects.select_for_update(of=("self",)).select_related("user")
        identity = rows.filter(issuer=settings.OIDC_ISSUER, subject=subject).first()
        if identity is not None:
            user = identity.user
        elif roles:
            user = _known_by_address(claims) or User.objects.create_user(_free_username(claims))
            OrganisationIdentity.objects.create(user=user, issuer=settings.OIDC_ISSUER, subject=subject)
        else:
            return None
        _set(user, claims, roles)
    return user if roles and user.is_active else None


def _roles(claims: dict[str, Any]) -> set[str]:
    """Names of our groups, by OIDC_GROUPS."""
    named = claims.get(settings.OIDC_GROUPS_CLAIM)
    several = named if isinstance(named, list) else [named]
    theirs = {one for one in several if isinstance(one, str)}
    return {ours for ours, name in settings.OIDC_GROUPS.items() if name in theirs}


def _known_by_address(claims: dict[str, Any]) -> User | None:
    """A colleague's account of before: the one with the address that the provider has verified."""
    if claims.get("email_verified") is not True or not claims.get("email"):
        return None
    known = User.objects.filter(email__iexact=str(claims["email"])).exclude(username=settings.EMERGENCY_ACCOUNT)
    found = list(known.exclude(pk__in=OrganisationIdentity.objects.values("user"))[:2])
    return found[0] if len(found) == 1 else None


def _free_username(claims: dict[str, Any]) -> str:
    """The name that colleagues know them by; with a mark of their own where somebody has it already."""
    mark = hashlib.sha256(f"{settings.OIDC_ISSUER} {claims['sub']}".encode()).hexdigest()[:8]
    for claim in ("preferred_username", "email"):
        name = unicodedata.normalize("NFKC", str(claims.get(claim) or ""))[: MAX_USERNAME_CHARACTERS - 9]
        try:
            UnicodeUsernameValidator()(name)
        except ValidationError:
            continue
        is_free = name != settings.EMERGENCY_ACCOUNT and not User.objects.filter(username__iexact=name).exists()
        return name if is_free else f"{name}-{mark}"
    return f"staff-{mark}"


def _set(user: User, claims: dict[str, Any], roles: set[str]) -> None:
    user.first_name = str(claims.get("given_name") or "")[:150]
    user.last_name = str(claims.get("family_name") or "")[:150]
    user.email = str(claims.get("email") or "")[:254]
    user.is_staff, user.is_superuser = bool(roles), ADMINISTRATOR in roles
    user.save()
    groups = list(Group.objects.filter(name__in=roles - {ADMINISTRATOR}))
    if missing := roles - {ADMINISTRATOR} - {group.name for group in groups}:
        log.error("OIDC_GROUPS names groups that the workspace does not have: %s", ", ".join(sorted(missing)))
    user.groups.set(groups)
