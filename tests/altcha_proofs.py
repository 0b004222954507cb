"""The proof of work that a page asks for, as a browser's script would do it."""

import html
import json
import re

import altcha


def challenge_on(page: str) -> altcha.Challenge:
    (found,) = re.findall(r'data-challenge="([^"]+)"', page)
    return altcha.Challenge.from_dict(json.loads(html.unescape(found)))


def solved(challenge: altcha.Challenge) -> str:
    """The payload that the form's field takes."""
    solution = altcha.solve_challenge(challenge, timeout=120)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()
