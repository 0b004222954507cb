"""What binds a sending to its words without showing them: a salted digest of each part, and one digest over these.

A part is who sent it, or what it says on one area (canonical.py). Its digest is SHA-256 over a random salt and the
part; the commitment is SHA-256 over the digests one after the other, the respondent's first, then the areas' by their
numbers. Whoever is shown a part with its salt and the other parts' digests can check that it belongs to the commitment,
and learns nothing of the others: without its salt no guess at a name or an address can be tried.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from submissions.text.canonical import canonical_parts
from submissions.text.content import Contents

FORM = 1  # of the parts and of how they are bound; another way gets another number, and what has this one keeps it
SALT_BYTES = DIGEST_BYTES = 32
# In the place of a salt that was forgotten, because its part was erased.
FORGOTTEN = bytes(SALT_BYTES)


@dataclass(frozen=True)
class Committed:
    """A commitment with what opens it: salts and digests of the parts, each 32 bytes, one after the other."""

    salts: bytes
    digests: bytes

    @property
    def value(self) -> bytes:
        return hashlib.sha256(self.digests).digest()

    @property
    def opened(self) -> list[tuple[bytes | None, bytes]]:
        """The salt and the digest of each part; None for a salt that was forgotten."""
        pairs = zip(_cut(self.salts), _cut(self.digests), strict=True)
        return [(None if salt == FORGOTTEN else salt, digest) for salt, digest in pairs]

    def binds(self, parts: Sequence[bytes]) -> bool:
        """Whether these are its parts, as far as their salts are known."""
        return len(parts) == len(self.opened) and all(
            salt is None or digest_of(salt, part) == digest
            for (salt, digest), part in zip(self.opened, parts, strict=True)
        )


def commit(answers: Mapping[str, Any], contents: Contents) -> Committed:
    """Binds what a stakeholder sends, with fresh salts."""
    parts = canonical_parts(answers, contents)
    salts = secrets.token_bytes(SALT_BYTES * len(parts))
    return Committed(salts, b"".join(map(digest_of, _cut(salts), parts)))


def digest_of(salt: bytes, part: bytes) -> bytes:
    return hashlib.sha256(salt + part).digest()


def proof_file(
    committed: Committed, parts: Sequence[bytes], *, form: int, consultation: str, reference: str, version: int
) -> bytes:
    """All that its sender needs to show, later and to anybody, that these words were sent: JSON, in UTF-8."""
    shown = [
        # What was erased since cannot be proven, nor can what stands there instead.
        {
            "digest": digest.hex(),
            "part": part.decode() if salt else None,
            "salt": salt.hex() if salt else None,
        }
        for (salt, digest), part in zip(committed.opened, parts, strict=True)
    ]
    proof = {
        "commitment": committed.value.hex(),
        "consultation": consultation,
        "form": form,
        "how": "digest = SHA-256(salt, part); commitment = SHA-256(all digests in this order)",
        "parts": shown,
        "reference": reference,
        "version": version,
    }
    return json.dumps(proof, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _cut(joined: bytes) -> list[bytes]:
    return [joined[at : at + DIGEST_BYTES] for at in range(0, len(joined), DIGEST_BYTES)]
