"""One mailbox, however its address is written: for limits that somebody else's inbox is protected by."""

# Where dots in the name before the @ make no difference.
_DOTLESS = {"gmail.com", "googlemail.com"}
_SAME = {"googlemail.com": "gmail.com"}


def mailbox_of(address: str) -> str:
    """The address without case and without what follows a "+". For counting, never for sending."""
    name, _at, domain = address.strip().casefold().rpartition("@")
    name = name.partition("+")[0]
    if domain in _DOTLESS:
        name = name.replace(".", "")
    return f"{name}@{_SAME.get(domain, domain)}"
