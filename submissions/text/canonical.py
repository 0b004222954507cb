"""The canonical text of a submission, and its SHA-256: what a receipt vouches for.

JSON with sorted keys, no spaces and no escapes beyond JSON's own, in UTF-8. Anybody can write the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from submissions.text.content import Content, Contents


def statement_of(answers: Mapping[str, Any], contents: Contents) -> dict[str, Any]:
    """What a stakeholder says, without when and under which reference: two sendings are the same if these are.

    Args:
        answers: what they say about themselves, by field (`Respondent.answers`).
        contents: what they say on each theme.
    """
    ordered = sorted(contents.items(), key=lambda item: item[0].number)
    return {
        "contributions": [_contribution(theme.number, content) for theme, content in ordered],
        "respondent": dict(answers),
    }


def _contribution(number: int, content: Content) -> dict[str, Any]:
    """What was not given is left out, so that a receipt stays true when a later release can hold more."""
    contribution: dict[str, Any] = {"text": content.text, "theme": number}
    if content.consent:
        contribution["consent"] = content.consent
    if content.proposals:
        contribution["proposals"] = [asdict(row) for row in content.proposals]
    return contribution


def canonical_parts(answers: Mapping[str, Any], contents: Contents) -> list[bytes]:
    """The same in parts, each to be shown without the others (commitment.py): who sent it, then each theme."""
    statement = statement_of(answers, contents)
    parts = [{"respondent": statement["respondent"]}, *({"contribution": one} for one in statement["contributions"])]
    return [_bytes(part) for part in parts]


def _bytes(statement: Mapping[str, Any]) -> bytes:
    return json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def canonical_text(
    *, reference: str, version: int, consultation: str, answers: Mapping[str, Any], contents: Contents
) -> bytes:
    """The bytes that are hashed. `consultation` is its address (slug)."""
    statement = {
        "consultation": consultation,
        "reference": reference,
        "version": version,
        **statement_of(answers, contents),
    }
    return _bytes(statement)


def sha256_of(data: bytes) -> str:
    """The SHA-256 in 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest(answers: Mapping[str, Any], contents: Contents) -> str:
    """32 hexadecimal digits that change with every character that would be sent."""
    return sha256_of(json.dumps(statement_of(answers, contents), sort_keys=True).encode())[:32]
