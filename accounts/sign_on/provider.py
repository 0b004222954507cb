"""The organisation's OpenID provider: its addresses, and whether an ID token is one of its own, for us, and of now."""

import hmac
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from django.conf import settings
from django.core.cache import cache

DISCOVERED_FOR_SECONDS = 3600
TOLERANCE_SECONDS = 30  # for clocks that differ
# Signed with a key that the provider alone has. Never with our secret, and never not at all.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_WANTED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(Exception):
    """The provider said something that it must not say."""


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER)


def name() -> str:
    """What the button calls it."""
    return str(settings.OIDC_NAME or urlsplit(settings.OIDC_ISSUER).hostname)


def metadata() -> dict[str, Any]:
    """The provider's addresses, after OpenID Connect Discovery 1.0.

    Raises:
        requests.RequestException: it does not answer.
        ProviderError: it is another one, or sends us over an open line.
    """
    key = f"openid-provider:{settings.OIDC_ISSUER}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _discover()
        cache.set(key, found, DISCOVERED_FOR_SECONDS)
    return found


def _discover() -> dict[str, Any]:
    address = settings.OIDC_ISSUER.rstrip("/") + "/.well-known/openid-configuration"
    answer = requests.get(address, timeout=settings.OIDC_TIMEOUT)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict) or found.get("issuer") != settings.OIDC_ISSUER:
        raise ProviderError("its metadata names another issuer")
    scheme = urlsplit(settings.OIDC_ISSUER).scheme
    addresses = [found.get(one) for one in _WANTED] + [found.get("userinfo_endpoint") or settings.OIDC_ISSUER]
    if not all(isinstance(one, str) and urlsplit(one).scheme in {"https", scheme} for one in addresses):
        raise ProviderError("its metadata lacks an address, or has one without HTTPS")
    return found


@lru_cache(maxsize=1)
def _keys(address: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(address, lifespan=300, timeout=settings.OIDC_TIMEOUT)


def claims_of(id_token: str, nonce: str) -> dict[str, Any]:
    """What an ID token says, after OpenID Connect Core 1.0, 3.1.3.7.

    Raises:
        jwt.PyJWTError: the signature, the issuer, the audience or the time is not right.
        ProviderError: it answers another question than ours.
    """
    key = _keys(metadata()["jwks_uri"]).get_signing_key_from_jwt(id_token)
    claims: dict[str, Any] = jwt.decode(
        id_token,
        key,
        algorithms=ALGORITHMS,
        audience=settings.OIDC_RP_CLIENT_ID,
        issuer=settings.OIDC_ISSUER,
        leeway=TOLERANCE_SECONDS,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ProviderError("the token answers another question than ours")
    if claims.get("azp", settings.OIDC_RP_CLIENT_ID) != settings.OIDC_RP_CLIENT_ID:
        raise ProviderError("the token was made for another")
    return claims
