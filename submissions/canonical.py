"""The canonical text of a submission, and its SHA-256: what a receipt vouches for.

JSON with sorted keys, no spaces and no escapes beyond JSON's own, in UTF-8. Anybody can write the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping

from submissions.respondent import RESPONDENT_FIELDS, Respondent


def canonical_text(*, reference: str, consultation: str, respondent: Respondent, texts: Mapping[int, str]) -> bytes:
    """The bytes that are hashed.

    Args:
        consultation: its address (slug).
        texts: theme number to text.
    """
    content = {
        "consultation": consultation,
        "contributions": [{"text": texts[number], "theme": number} for number in sorted(texts)],
        "reference": reference,
        "respondent": {name: getattr(respondent, name) for name in RESPONDENT_FIELDS},
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
