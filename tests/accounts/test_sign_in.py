"""Guessing passwords: what is locked, for whom and for how long, and what the log says of it."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCacheClient
from django.test import Client
from django.utils import timezone
from redis import ConnectionError as RedisConnectionError

from accounts import security_log, sign_in
from accounts.models import SecurityEvent

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
Kind = SecurityEvent.Kind


@pytest.fixture(autouse=True)
def _nothing_counted(settings, monkeypatch):
    settings.TRUSTED_HOPS = 1
    # Not clear(), which would empty Valkey for the tests beside this one.
    monkeypatch.setattr(caches["counts"], "key_prefix", uuid.uuid4().hex)


@pytest.fixture
def boss():
    return get_user_model().objects.create_superuser("boss", password=PASSWORD)


@pytest.fixture
def colleague():
    return get_user_model().objects.create_superuser("colleague", password=PASSWORD)


def attempt(name: str, password: str, *, network: str = "192.0.2.1", client: Client | None = None) -> int:
    client = client or Client()
    data = {"username": name, "password": password}
    return client.post("/admin/login/", data, headers={"X-Forwarded-For": network}).status_code


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_five_wrong_ones_lock_a_name_out_from_there(boss, colleague):
    assert [attempt("boss", "wrong") for _turn in range(4)] == [200] * 4
    assert attempt("boss", "wrong") == 429
    # Even the right one now, and without hashing it.
    assert attempt("boss", PASSWORD) == 429
    refused = Client().post(
        "/admin/login/", {"username": "boss", "password": PASSWORD}, headers={"X-Forwarded-For": "192.0.2.1"}
    )
    assert refused["Retry-After"] == "900"
    assert "WSIS+20 consultation: secretariat" in refused.content.decode()
    # The same person from elsewhere, and a colleague from there.
    assert attempt("boss", PASSWORD, network="192.0.2.2") == 302
    assert attempt("colleague", PASSWORD) == 302


def test_it_ends_and_a_right_one_forgets_the_wrong_ones(boss, settings):
    for _turn in range(4):
        attempt("boss", "wrong")
    assert attempt("boss", PASSWORD) == 302
    assert [attempt("boss", "wrong") for _turn in range(4)] == [200] * 4
    attempt("boss", "wrong")
    client = caches["counts"]._cache.get_client()
    (key,) = client.keys(f"{caches['counts'].key_prefix}:*axes*")
    assert 0 < client.ttl(key) <= 15 * 60
    client.delete(key)
    assert attempt("boss", PASSWORD) == 302


def test_what_is_refused_costs_no_hashing(boss, monkeypatch):
    for _turn in range(5):
        attempt("boss", "wrong")
    from django.contrib.auth.hashers import MD5PasswordHasher

    def hashed(*args, **kwargs):
        raise AssertionError("a password was hashed")

    monkeypatch.setattr(MD5PasswordHasher, "encode", hashed)
    assert attempt("boss", PASSWORD) == 429


def test_many_names_from_one_network(boss, monkeypatch):
    monkeypatch.setattr(sign_in, "ATTEMPTS", replace(sign_in.ATTEMPTS, times=10))
    answers = [attempt(f"name{n}", "wrong") for n in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert attempt("boss", PASSWORD, network="192.0.2.2") == 302
    assert kinds().count("too-many") == 2


def test_without_valkey_one_still_signs_in_and_out(boss, monkeypatch):
    def away(*args, **kwargs):
        raise RedisConnectionError

    for name in ("get", "add", "incr", "touch", "delete"):
        monkeypatch.setattr(RedisCacheClient, name, away)
    client = Client()
    assert [attempt("boss", "wrong") for _turn in range(6)] == [200] * 6
    assert attempt("boss", PASSWORD, client=client) == 302
    assert client.get("/admin/").status_code == 200
    assert client.post("/admin/logout/").status_code == 200


def test_the_log_says_who_and_when_and_no_address(boss):
    client = Client()
    attempt("boss", "wrong")
    attempt("nobody", "wrong")
    attempt("boss", PASSWORD, client=client)
    client.post("/admin/logout/")
    assert kinds() == ["wrong-password", "wrong-password", "signed-in", "signed-out"]
    first, second, third, _fourth = SecurityEvent.objects.order_by("pk")
    assert (first.username, third.username) == ("boss", "boss")
    assert first.network == second.network == third.network != ""
    assert "192.0.2.1" not in str(list(SecurityEvent.objects.values()))
    for _turn in range(6):
        attempt("boss", "wrong")
    assert kinds()[-2:] == ["locked-out", "locked-out"]


def test_it_is_kept_for_thirty_days_to_the_moment(settings):
    now = timezone.now()
    for age in (timedelta(days=30, seconds=1), timedelta(days=29, hours=23, minutes=59)):
        SecurityEvent.objects.create(at=now - age, kind=Kind.SIGNED_IN, username="boss")
    assert security_log.delete_outdated() == 1
    assert SecurityEvent.objects.get().at > now - timedelta(days=30)


def test_administrators_read_it_and_nobody_changes_it(admin_client, client, boss):
    event = SecurityEvent.objects.create(at=timezone.now(), kind=Kind.LOCKED_OUT, username="somebody")
    page = admin_client.get("/admin/accounts/securityevent/").content.decode()
    assert "Locked out for a while" in page
    assert "somebody" in page
    for path in ("add/", f"{event.pk}/delete/"):
        assert admin_client.get(f"/admin/accounts/securityevent/{path}").status_code == 403
    reviewer = get_user_model().objects.create_user("reviewer", is_staff=True)
    client.force_login(reviewer)
    assert client.get("/admin/accounts/securityevent/").status_code == 403
