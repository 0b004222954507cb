"""The canonical text of a submission, and its SHA-256: what a receipt vouches for.

JSON with sorted keys, no spaces and no escapes beyond JSON's own, in UTF-8. Anybody can write the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from submissions.contents import Content
from submissions.models import Submission
from submissions.respondent import Respondent


def content_of(respondent: Respondent, contents: Mapping[int, Content]) -> dict[str, Any]:
    """What a stakeholder says, without when and under which reference: two sendings are the same if these are.

    Args:
        contents: theme number to what is written on it.
    """
    return {
        "contributions": [_one(number, contents[number]) for number in sorted(contents)],
        "respondent": respondent.answers(),
    }


def _one(number: int, content: Content) -> dict[str, Any]:
    """What was not said is left out, so that a receipt stays true when a later release can say more."""
    said: dict[str, Any] = {"text": content.text, "theme": number}
    if content.consent:
        said["consent"] = content.consent
    if content.proposals:
        said["proposals"] = [asdict(row) for row in content.proposals]
    return said


def canonical_text(
    *, reference: str, version: int, consultation: str, respondent: Respondent, contents: Mapping[int, Content]
) -> bytes:
    """The bytes that are hashed. `consultation` is its address (slug), `contents` theme number to what is on it."""
    content = {
        "consultation": consultation,
        "reference": reference,
        "version": version,
        **content_of(respondent, contents),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def canonical_of(submission: Submission) -> bytes:
    """The bytes behind the SHA-256 of a submission that is stored."""
    return canonical_text(
        reference=submission.reference,
        version=submission.version,
        consultation=submission.consultation.slug,
        respondent=submission,
        contents={row.theme.number: row.content for row in submission.contributions.all()},
    )
