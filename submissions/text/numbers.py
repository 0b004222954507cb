"""Numbers out of forms, where anything may have been typed."""

MAX_DIGITS = 9  # a number that PostgreSQL's integer holds


def parse_number(typed: str) -> int | None:
    """The number that `typed` is in ASCII digits; None for anything else, and for one of more than nine digits."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MAX_DIGITS else None
