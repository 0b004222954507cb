"""What PostgreSQL takes as text, and what it does not."""


def is_storable(text: str) -> bool:
    """Whether it holds neither a NUL nor half a sign, which no browser sends."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
