"""Checkpoints as signed notes (C2SP tlog-checkpoint and signed-note): three lines, and a signature by Ed25519.

consultation.example.org/elements-paper/register
1234
<root, base64>

— consultation.example.org/register <key id and signature, base64>
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

ED25519 = b"\x01"
# A public key as others have it: name, key id, and 33 bytes in base64.
_PUBLIC = re.compile(r"[^+\s]+\+[0-9a-f]{8}\+[0-9A-Za-z+/]{44}")


@dataclass(frozen=True)
class Signer:
    """A key with the name under which others know it."""

    name: str
    key: Ed25519PrivateKey

    @property
    def _public(self) -> bytes:
        return ED25519 + self.key.public_key().public_bytes_raw()

    @property
    def _id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self._public).digest()[:4]

    @property
    def verifier(self) -> str:
        """What others check a signature with: name, key id and public key."""
        return f"{self.name}+{self._id.hex()}+{base64.b64encode(self._public).decode()}"

    def signed(self, text: str) -> str:
        """The note: the text, an empty line, and a line with the signature."""
        signature = base64.b64encode(self._id + self.key.sign(text.encode())).decode()
        return f"{text}\n\u2014 {self.name} {signature}\n"


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def host() -> str:
    return urlsplit(settings.PUBLIC_URL).netloc


def signer() -> Signer | None:
    """The key of this install; None where the operator has given none (REGISTER_KEY)."""
    return _signer(settings.REGISTER_KEY) if settings.REGISTER_KEY else None


def verifiers() -> list[str]:
    """Of the present key and of those before it, with which others check what was signed. Of a former one that was lost
    its public key is named in its place."""
    known = [secret for secret in (settings.REGISTER_KEY, *settings.REGISTER_KEY_FALLBACKS) if secret]
    return [secret if _PUBLIC.fullmatch(secret) else _signer(secret).verifier for secret in known]


def _signer(secret: str) -> Signer:
    seed = hashlib.sha256(b"register:" + secret.encode()).digest()
    return Signer(f"{host()}/register", Ed25519PrivateKey.from_private_bytes(seed))
