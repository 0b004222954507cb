"""Signed in for eight hours at the most, and for half an hour without a page; to the second."""

import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import SecurityEvent, WorkspaceSession
from accounts.reauthentication import RECENT_SECONDS
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


def test_what_a_page_asks_by_itself_keeps_nobody_in(admin_client):
    """A screen that is left alone says every 45 seconds that it is being looked at."""
    set_back(admin_client, signed_in=3600, seen=MAX_IDLE_SECONDS - 30)
    before = admin_client.session["seen_at"]
    admin_client.get("/admin/", headers={"X-By-Itself": "1"})
    assert admin_client.session["seen_at"] == before
    set_back(admin_client, signed_in=3600, seen=MAX_IDLE_SECONDS)
    assert admin_client.get("/admin/", headers={"X-By-Itself": "1"}).status_code == 302


def test_a_session_of_before_is_over(admin_client):
    session = admin_client.session
    del session["signed_in_at"]
    session.save()
    assert admin_client.get(FRONT).status_code == 302


def test_the_table_lets_nobody_in(admin_client):
    """What is stored is a hash of the key: neither it nor anything else in the row is a cookie."""
    row = WorkspaceSession.objects.get()
    key = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key not in f"{row.session_key} {row.session_data} {row.get_decoded()}"
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert thief.get(FRONT).status_code == 302
    assert admin_client.get(FRONT).status_code == 200


def test_a_key_that_nobody_was_given_is_not_taken_over(db):
    """Session fixation: what a stranger planted is no session, and signing in gives another."""
    visitor = Client()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "planted-planted-planted-planted!"
    visitor.get("/admin/login/")
    assert not WorkspaceSession.objects.exists()


def signed_in(user, browser: str) -> Client:
    client = Client(headers={"user-agent": browser})
    user.set_password("a long password of hers")
    user.save(update_fields=["password"])
    client.post("/admin/login/", {"username": user.get_username(), "password": "a long password of hers"})
    assert client.get(FRONT).status_code == 200
    return client


def test_listed_and_ended_by_their_owner(admin_user, django_user_model):
    phone = signed_in(admin_user, "Phone <1>")
    other = signed_in(django_user_model.objects.create_user("mariam", is_staff=True), "Hers")
    laptop = Client(headers={"user-agent": "Laptop"})
    laptop.post("/admin/login/", {"username": "admin", "password": "a long password of hers"})
    page = laptop.get(reverse("admin:sessions")).content.decode()
    assert page.index("Laptop") < page.index("Phone &lt;1&gt;")
    assert "Hers" not in page
    (button,) = {part.split('"')[0] for part in page.split('name="end" value="')[1:]}
    # Hers is not his to end, by whatever value.
    theirs = WorkspaceSession.objects.get(browser="Hers").session_key[:16]
    laptop.post(reverse("admin:sessions"), {"end": theirs})
    assert other.get(FRONT).status_code == 200
    laptop.post(reverse("admin:sessions"), {"end": button})
    assert phone.get(FRONT).status_code == 302
    assert laptop.get(FRONT).status_code == 200
    phone = Client()
    phone.post("/admin/login/", {"username": "admin", "password": "a long password of hers"})
    laptop.post(reverse("admin:sessions"))
    assert (phone.get(FRONT).status_code, laptop.get(FRONT).status_code) == (302, 200)


def test_a_session_is_ended_with_the_password(admin_user):
    """Given a quarter of an hour ago at the most: who finds a desk empty ends nobody's session."""
    phone, laptop = signed_in(admin_user, "Phone"), signed_in(admin_user, "Laptop")
    # Signing in above has changed the password, and with it ended the first.
    phone.post("/admin/login/", {"username": "admin", "password": "a long password of hers"})
    address = reverse("admin:sessions")
    set_back(laptop, signed_in=RECENT_SECONDS, seen=0)
    page = laptop.get(address).content.decode()
    assert "Phone" in page
    assert 'name="end"' not in page
    assert laptop.post(address, {"end": ""}).status_code == 422
    assert laptop.post(address, {"password": "wrong"}).status_code == 422
    assert phone.get(FRONT).status_code == 200
    assert laptop.post(address, {"password": "a long password of hers"}).status_code == 302
    (button,) = {part.split('"')[0] for part in laptop.get(address).content.decode().split('name="end" value="')[1:]}
    assert laptop.post(address, {"end": button}).status_code == 302
    assert phone.get(FRONT).status_code == 302


@pytest.mark.parametrize("which", ["\x00", "a\x00", "%", "_", "٣", "a" * 5_000])
def test_what_is_no_session_ends_none(admin_user, which):
    phone, laptop = signed_in(admin_user, "Phone"), signed_in(admin_user, "Laptop")
    phone.post("/admin/login/", {"username": "admin", "password": "a long password of hers"})
    assert laptop.post(reverse("admin:sessions"), {"end": which}).status_code == 302
    assert phone.get(FRONT).status_code == 200


def test_an_account_that_is_switched_off_is_out(admin_client, admin_user, django_user_model):
    """At the next page, on every browser. Accounts are not removed: the trail names them."""
    assert admin_client.get(FRONT).status_code == 200
    django_user_model.objects.filter(pk=admin_user.pk).update(is_active=False)
    assert admin_client.get(FRONT).status_code == 302
    django_user_model.objects.filter(pk=admin_user.pk).update(is_active=True)
    assert admin_client.get(f"/admin/auth/user/{admin_user.pk}/delete/").status_code == 403


def test_the_list_of_sessions_is_for_colleagues(client, db):
    assert client.get(reverse("admin:sessions"))["Location"].startswith("/admin/login/")


EXPORT = {"layout": "contributions", "format": "csv", "profile": "spreadsheet", "filters": ""}


@pytest.mark.parametrize("audience", ["full", "workspace"])
def test_contacts_are_taken_out_with_the_password(admin_user, consultation, audience):
    """Fifteen minutes after it was given; and of an export without contacts nobody asks."""
    client = signed_in(admin_user, "Laptop")
    asked = {**EXPORT, "audience": audience, "consultation": consultation.pk}
    add = "/admin/submissions/export/add/"
    set_back(client, signed_in=RECENT_SECONDS - 30, seen=0)
    assert "Your password" not in client.get(add).content.decode()
    assert client.post(add, asked).status_code == 302
    set_back(client, signed_in=RECENT_SECONDS, seen=0)
    assert "Your password" in client.get(add).content.decode()
    first = client.post(add, asked)
    if audience == "workspace":
        assert first.status_code == 302
        return
    assert "Type your password" in first.content.decode()
    assert "Type your password" in client.post(add, {**asked, "password": "wrong"}).content.decode()
    assert SecurityEvent.objects.filter(kind="wrong-password", username="admin").count() == 1
    assert client.post(add, {**asked, "password": "a long password of hers"}).status_code == 302
    # For some time it is enough.
    assert client.post(add, asked).status_code == 302
