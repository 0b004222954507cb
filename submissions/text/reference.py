"""Public references: random, readable aloud, and with a check character that catches a slip of the pen.

Twelve signs in three groups: 4F7K-9QRT-2MXB. Eleven are random (31 ** 11, about 2.5e16); the twelfth is a weighted
sum modulo 31, a prime, so that every single wrong sign and every swap of neighbours is noticed.
"""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L
RANDOM_SIGNS = 11


def _check_sign(signs: str) -> str:
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=2))
    return ALPHABET[total % len(ALPHABET)]


def new_reference() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_SIGNS))
    signs += _check_sign(signs)
    return "-".join((signs[:4], signs[4:8], signs[8:]))


def is_reference(text: str) -> bool:
    """Whether `text` could be a reference: right signs, length and check sign. Case and hyphens don't count."""
    signs = text.strip().upper().replace("-", "").replace(" ", "")
    if len(signs) != RANDOM_SIGNS + 1 or not set(signs) <= set(ALPHABET):
        return False
    return _check_sign(signs[:-1]) == signs[-1]
