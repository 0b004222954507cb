"""Who is let in: by the provider, or, while there is one, by the emergency account's password alone."""

from typing import Any

import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from accounts.sign_on import provider
from accounts.sign_on.staff import account_of


class PasswordBackend(ModelBackend):
    def authenticate(self, request: Any, username: Any = None, password: Any = None, **kwargs: Any) -> Any:
        if provider.is_on() and username != settings.EMERGENCY_ACCOUNT:
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)


class OrganisationBackend(OIDCAuthenticationBackend):  # type: ignore[misc]
    """mozilla-django-oidc's, which asks for the tokens. What they say is checked and used by ours."""

    def __init__(self) -> None:
        # Made for every request of whoever is signed in, so the provider is asked only when its answer is needed.
        self.UserModel = get_user_model()
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID
        self.OIDC_RP_CLIENT_SECRET = settings.OIDC_RP_CLIENT_SECRET

    @property
    def OIDC_OP_TOKEN_ENDPOINT(self) -> str:  # noqa: N802 - the library's name
        return str(provider.metadata()["token_endpoint"])

    def get_user(self, user_id: Any) -> Any:
        """Django's, which knows nobody whose account is switched off."""
        return ModelBackend.get_user(self, user_id)

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        return provider.claims_of(token, str(kwargs.get("nonce") or ""))

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> User | None:
        claims = {**self._more_claims(access_token, payload), **payload}
        try:
            user = account_of(claims)
        except IntegrityError:
            user = account_of(claims)
        if user is not None:
            user.id_token_claims = payload  # type: ignore[attr-defined] # for the view that signs them in
        return user

    def _more_claims(self, access_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What the provider says beside the token: often the groups."""
        address = provider.metadata().get("userinfo_endpoint")
        if not address:
            return {}
        answer = requests.get(
            address, headers={"Authorization": f"Bearer {access_token}"}, timeout=settings.OIDC_TIMEOUT
        )
        answer.raise_for_status()
        claims = answer.json()
        if not isinstance(claims, dict) or claims.get("sub") != payload["sub"]:
            raise provider.ProviderError("it told of another person than the token's")
        return claims


BACKEND = f"{OrganisationBackend.__module__}.{OrganisationBackend.__qualname__}"


def came_through_it(request: HttpRequest) -> bool:
    """Whether this session was begun through the provider."""
    return bool(request.session.get(BACKEND_SESSION_KEY) == BACKEND)
