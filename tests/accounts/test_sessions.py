"""Signed in for eight hours at the most, and for half an hour without a page; to the second."""

import time

import pytest
from django.conf import settings

from accounts.sessions import MAX_IDLE_SECONDS, MAX_SECONDS

pytestmark = pytest.mark.django_db
FRONT = "/admin/"


def set_back(client, *, signed_in: float, seen: float) -> None:
    session = client.session
    session["signed_in_at"], session["seen_at"] = time.time() - signed_in, time.time() - seen
    session.save()


def test_it_is_as_long_as_is_said():
    assert (MAX_SECONDS, MAX_IDLE_SECONDS, settings.SESSION_COOKIE_AGE) == (8 * 3600, 30 * 60, 8 * 3600)


@pytest.mark.parametrize(
    ("signed_in", "seen", "is_in"),
    [
        (0, 0, True),
        (MAX_SECONDS - 30, 10, True),
        (MAX_SECONDS, 10, False),
        (MAX_IDLE_SECONDS + 99, MAX_IDLE_SECONDS - 30, True),
        (MAX_IDLE_SECONDS + 99, MAX_IDLE_SECONDS, False),
    ],
)
def test_when_it_is_over(admin_client, signed_in, seen, is_in):
    set_back(admin_client, signed_in=signed_in, seen=seen)
    answer = admin_client.get(FRONT)
    assert answer.status_code == (200 if is_in else 302)
    assert is_in or answer["Location"].startswith("/admin/login/?next=/admin/")
    # What was over stays over.
    assert admin_client.get(FRONT).status_code == answer.status_code


def test_a_page_counts_and_not_each_is_written(admin_client, django_assert_num_queries):
    set_back(admin_client, signed_in=3600, seen=MAX_IDLE_SECONDS - 30)
    admin_client.get(FRONT)
    seen = admin_client.session["seen_at"]
    assert time.time() - seen < 20
    admin_client.get(FRONT)
    assert admin_client.session["seen_at"] == seen


def test_a_session_of_before_is_over(admin_client):
    session = admin_client.session
    del session["signed_in_at"]
    session.save()
    assert admin_client.get(FRONT).status_code == 302
