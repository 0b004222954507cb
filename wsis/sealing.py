"""What is kept so that the database alone opens nothing: sealed with the server's secret, or as a hash."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _box(purpose: str) -> MultiFernet:
    secrets_in_use = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:{one!s}".encode()).digest()))
            for one in secrets_in_use
        ]
    )


def hash_of(key: str) -> str:
    """What a key is found by. It is random and long, so a plain hash keeps it: there is nothing to guess from."""
    return hashlib.sha256(key.encode()).hexdigest()


def seal(text: str, *, purpose: str) -> str:
    """`purpose` keeps what is sealed for one thing from being opened as another."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Empty where nothing was sealed, or where the secret has changed since."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""
