"""One mailbox, however its address is written: for limits that somebody else's inbox is protected by."""

# One provider under two names, to whom dots before the @ make no difference.
_GMAIL = {"gmail.com", "googlemail.com"}


def mailbox_of(address: str) -> str:
    """The address without case and without what follows a "+". For counting, never for sending."""
    name, _at, domain = address.strip().casefold().rpartition("@")
    name = name.partition("+")[0]
    if domain in _GMAIL:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"
