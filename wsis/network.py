"""Where a request came from, as far as it can be believed."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

UNKNOWN = "unknown"
_IPV6_PREFIX = 64  # what one household or office is given: its addresses change by the hour


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks.

    A proxy writes the address that it saw at the end of X-Forwarded-For, and what stands before that may be anybody's
    invention. So the header is believed as far back as TRUSTED_HOPS proxies of ours wrote it, and not at all without
    one. "unknown" where there is no address, as on a socket file.
    """
    seen = [request.META.get("REMOTE_ADDR", "")]
    if hops := settings.TRUSTED_HOPS:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        seen = [part.strip() for part in forwarded][-hops:]
    address = _parsed(seen[0])
    return str(address) if address else UNKNOWN


def network_of(address: str) -> str:
    """What is counted as one client: an IPv4 address, or the /64 of an IPv6 one."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> (128 - _IPV6_PREFIX) << (128 - _IPV6_PREFIX))) + f"/{_IPV6_PREFIX}"
    return str(parsed) if parsed else UNKNOWN


def client_network(request: HttpRequest) -> str:
    """The network of whoever asks, as a pseudonym: what is counted and logged, and no address can be read from it."""
    return pseudonym(network_of(client_address(request)))


def pseudonym(text: str) -> str:
    """Tells one address from another and says neither: 16 hex signs under the server's secret."""
    return salted_hmac("wsis.network", text, algorithm="sha256").hexdigest()[:16]


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
