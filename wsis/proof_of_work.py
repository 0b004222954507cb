"""A proof of work that a browser does by itself: some seconds of arithmetic, which cost a stakeholder nothing that they
notice, and whoever sends ten thousand a machine for a day. No third party, and no puzzle for eyes.

The challenge and its check are ALTCHA's (PBKDF2 over a counter); static/js/proof.js finds the counter.
"""

import json
from datetime import UTC, datetime, timedelta

import altcha
from django.utils.crypto import salted_hmac

from wsis.rate_limits import Limit, seconds_to_wait

LIFETIME = timedelta(hours=2)
ITERATIONS = 5_000  # of one try; one in 256 succeeds
MAX_PAYLOAD_CHARACTERS = 2_000
_ONCE = Limit("proof-used", 1, int(LIFETIME.total_seconds()))


def challenge(purpose: str) -> str:
    """A new challenge as JSON, for the page. A proof of it is good for `purpose` and nothing else."""
    fresh = altcha.create_challenge(
        algorithm="PBKDF2/SHA-256",
        cost=ITERATIONS,
        hmac_secret=_secret(),
        expires_at=datetime.now(UTC) + LIFETIME,
        data={"purpose": purpose},
    )
    return json.dumps(fresh.to_dict())


def is_proven(payload: str, purpose: str) -> bool:
    """Whether the payload solves a challenge of ours, made for this purpose, in time and not used before."""
    if not payload or len(payload) > MAX_PAYLOAD_CHARACTERS:
        return False
    try:
        solved = altcha.Payload.from_base64(payload)
        parameters = solved.challenge.parameters
        result = altcha.verify_solution(solved, hmac_secret=_secret())
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return False
    if not result.verified or parameters.data != {"purpose": purpose}:
        return False
    return seconds_to_wait(_ONCE, str(solved.challenge.signature)) == 0


def _secret() -> str:
    return salted_hmac("wsis.proof_of_work", "", algorithm="sha256").hexdigest()
