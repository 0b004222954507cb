"""A row's id under the server's secret, for links that open a door: the database alone has none of them."""

from django.core.signing import BadSignature, Signer


def _signer(door: str) -> Signer:
    return Signer(salt=door, sep=".")


def sign_id(pk: int, *, door: str) -> str:
    """The token for a link. `door` keeps the links of one purpose apart from those of another."""
    return _signer(door).sign(str(pk))


def signed_id(token: str, *, door: str) -> int | None:
    """The id in a token; None of one that was not signed here, or for another door."""
    try:
        return int(_signer(door).unsign(token))
    except (BadSignature, ValueError):
        return None
