"""From which side a text is written."""

import unicodedata


def is_rtl(text: str) -> bool:
    """By its first letter."""
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
