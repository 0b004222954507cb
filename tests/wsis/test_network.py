"""Whose a request is: no header that a visitor can write moves it to somebody else."""

import pytest
from django.test import RequestFactory

from wsis.network import UNKNOWN, client_address, network_of, pseudonym

PROXY = "10.0.0.7"


def request(forwarded: str | None, peer: str = PROXY):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, "1.2.3.4", PROXY),  # nobody of ours wrote it
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"),  # the first is the visitor's invention
        (1, "9.9.9.9,8.8.8.8 ,1.2.3.4", "1.2.3.4"),
        (2, "9.9.9.9, 1.2.3.4, 10.0.0.8", "1.2.3.4"),
        (2, "1.2.3.4", "1.2.3.4"),  # one proxy fewer than said
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "::ffff:1.2.3.4", "1.2.3.4"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "no address", UNKNOWN),
        (1, "", UNKNOWN),
    ],
)
def test_as_far_back_as_our_own_proxies_wrote_it(settings, hops, forwarded, address):
    settings.TRUSTED_HOPS = hops
    assert client_address(request(forwarded)) == address


def test_a_socket_file_has_no_address():
    assert client_address(request(None, peer="")) == UNKNOWN


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_what_counts_as_one_client(address, network):
    assert network_of(address) == network


def test_a_pseudonym_is_the_same_and_says_nothing(settings):
    assert pseudonym("1.2.3.4") == pseudonym("1.2.3.4") != pseudonym("1.2.3.5")
    assert "1.2.3.4" not in pseudonym("1.2.3.4")
    before = pseudonym("1.2.3.4")
    settings.SECRET_KEY = "another"
    assert pseudonym("1.2.3.4") != before
