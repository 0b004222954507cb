"""The canonical text of a submission, and its SHA-256: what a receipt vouches for.

JSON with sorted keys, no spaces and no escapes beyond JSON's own, in UTF-8. Anybody can write the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from submissions.respondent import Respondent


def content_of(respondent: Respondent, texts: Mapping[int, str]) -> dict[str, Any]:
    """What a stakeholder says, without when and under which reference: two sendings are the same if these are.

    Args:
        texts: theme number to text.
    """
    return {
        "contributions": [{"text": texts[number], "theme": number} for number in sorted(texts)],
        "respondent": respondent.answers(),
    }


def canonical_text(
    *, reference: str, version: int, consultation: str, respondent: Respondent, texts: Mapping[int, str]
) -> bytes:
    """The bytes that are hashed. `consultation` is its address (slug), `texts` theme number to text."""
    content = {
        "consultation": consultation,
        "reference": reference,
        "version": version,
        **content_of(respondent, texts),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
