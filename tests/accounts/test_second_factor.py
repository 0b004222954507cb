"""The workspace behind a second factor: set up once, asked at each sign-in; the password alone opens nothing."""

import re
from base64 import b32decode, b32encode
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts import invitations
from accounts.models import AuthenticatorApp, Invitation, RecoveryCode

pytestmark = pytest.mark.django_db
PAGE = "/admin/second-factor/"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _wanted(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def admin(db):
    return get_user_model().objects.create_superuser("boss", password=PASSWORD)


def sign_in(client: Client, where: str = "/admin/", name: str = "boss") -> None:
    answer = client.post(f"/admin/login/?next={where}", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302


def code(secret: bytes, *, later: int = 0) -> str:
    return f"{totp(secret, t0=-30 * later):06}"


def code_of(app: AuthenticatorApp, *, later: int = 0) -> str:
    return code(app.secret, later=later)


def wrong_code(*right: str) -> str:
    return next(wrong for wrong in ("000000", "111111", "222222") if wrong not in right)


def secret_on(page: str) -> bytes:
    (shown,) = re.findall(r"type this into the app: <code>([A-Z2-7 ]+)</code>", page)
    return b32decode(shown.replace(" ", ""))


def open_invitation(client: Client, user) -> None:
    link = invitations.invite(user).removeprefix("http://testserver")
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == PAGE


def set_up(client: Client) -> list[str]:
    """Signs in for the first time, invited. Returns the recovery codes."""
    sign_in(client)
    open_invitation(client, get_user_model().objects.get(username="boss"))
    answer = client.post(PAGE, {"code": code(secret_on(client.get(PAGE).content.decode()))})
    return re.findall(r"<code>(\w+)</code>", answer.content.decode())


def forget_wrong_ones() -> None:
    AuthenticatorApp.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def test_the_first_sign_in_sets_it_up(client, admin):
    sign_in(client)
    # The password alone opens nothing.
    assert client.get("/admin/").status_code == 302
    answer = client.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == PAGE
    assert answer.status_code == 403
    assert "You need an invitation" in answer.content.decode()
    open_invitation(client, admin)
    page = client.get(PAGE).content.decode()
    assert not AuthenticatorApp.objects.exists()
    assert '<div class="qr"><svg' in page
    assert "style=" not in page
    secret = secret_on(page)
    # A wrong code sets nothing up, and shows the same secret again.
    wrong = client.post(PAGE, {"code": wrong_code(*(code(secret, later=n) for n in (-1, 0, 1)))})
    assert wrong.status_code == 422
    assert "This code is not right" in wrong.content.decode()
    assert secret_on(wrong.content.decode()) == secret
    answer = client.post(PAGE, {"code": code(secret)})
    codes = re.findall(r"<code>(\w+)</code>", answer.content.decode())
    assert len(set(codes)) == 10
    assert {len(one) for one in codes} == {16}
    assert client.get("/admin/").status_code == 200
    # Shown once, and never again.
    assert client.get(PAGE).status_code == 302


def test_each_session_has_a_secret_of_its_own_and_one_is_set_up(admin):
    """Who knows the password and looks first keeps nothing."""
    first, second = Client(), Client()
    link = invitations.invite(admin).removeprefix("http://testserver")
    secrets = []
    for one in (first, second):
        sign_in(one)
        one.post(link)
        secrets.append(secret_on(one.get(PAGE).content.decode()))
    assert secrets[0] != secrets[1]
    assert second.post(PAGE, {"code": code(secrets[0])}).status_code == 422
    assert first.post(PAGE, {"code": code(secrets[0])}).status_code == 200
    # The other is asked for a code of the app that is set up, and is shown no secret.
    page = second.get(PAGE).content.decode()
    assert 'class="qr"' not in page
    assert second.post(PAGE, {"code": code(secrets[1])}).status_code == 422
    assert second.get("/admin/").status_code == 302


def test_an_invitation_is_for_one_account_once_and_for_three_days(admin, client):
    other = get_user_model().objects.create_superuser("other", password=PASSWORD)
    sign_in(client)
    open_invitation(client, other)
    assert client.get(PAGE).status_code == 403
    old = invitations.invite(admin).removeprefix("http://testserver")
    new = invitations.invite(admin).removeprefix("http://testserver")
    assert [client.get(link).status_code for link in (old, new)] == [404, 200]
    with time_machine.travel(timezone.now() + invitations.LIFETIME + timedelta(seconds=1)):
        assert client.get(new).status_code == 404
    assert client.get("/admin/invitation/nothing/").status_code == 404
    set_up(client)
    used = Invitation.objects.exclude(used_at=None).get()
    assert used.user == admin
    assert client.get(new).status_code == 404
    # Nobody reads it from the database.
    assert new.split("/")[-2] not in str(list(Invitation.objects.values()))


def test_no_secret_and_no_code_stands_in_the_database(admin, client):
    codes = set_up(client)
    app = AuthenticatorApp.objects.get()
    kept = str([*AuthenticatorApp.objects.values(), *RecoveryCode.objects.values(), client.session.items()])
    for secret in (app.secret.hex(), b32encode(app.secret).decode(), *codes):
        assert secret not in kept
    assert RecoveryCode.objects.count() == 10


def test_administrators_invite_and_take_away(admin, client):
    set_up(client)
    colleague = get_user_model().objects.create_user("colleague", password=PASSWORD, is_staff=True)
    posted = {"action": "invite", "_selected_action": [colleague.pk]}
    page = client.post("/admin/auth/user/", posted, follow=True).content.decode()
    (link,) = re.findall(r"http://testserver(/admin/invitation/[\w-]+/)", page)
    one = Client()
    sign_in(one, name="colleague")
    one.post(link)
    assert one.post(PAGE, {"code": code(secret_on(one.get(PAGE).content.decode()))}).status_code == 200
    assert one.get("/admin/").status_code == 200
    posted["action"] = "take_second_factor_away"
    assert "needs an invitation" in client.post("/admin/auth/user/", posted, follow=True).content.decode()
    assert one.get("/admin/").status_code == 302
    assert one.get(PAGE).status_code == 403


def test_each_sign_in_asks_and_goes_where_one_wanted(client, admin):
    set_up(client)
    other = Client()
    sign_in(other, "/admin/submissions/mail/")
    page = other.get("/admin/submissions/mail/", follow=True).content.decode()
    assert "Type the code that your authenticator app shows" in page
    assert 'class="qr"' not in page
    # The code of the first sign-in is taken once.
    device = AuthenticatorApp.objects.get()
    assert other.post(PAGE, {"code": code_of(device)}).status_code == 422
    forget_wrong_ones()
    answer = other.post(PAGE, {"code": code_of(device, later=1), "next": "/admin/submissions/mail/"})
    assert answer["Location"] == "/admin/submissions/mail/"
    assert other.get("/admin/submissions/mail/").status_code == 200


def test_a_recovery_code_opens_once(client, admin):
    codes = set_up(client)
    first, second = Client(), Client()
    sign_in(first)
    assert first.post(PAGE, {"code": f" {codes[3].upper()} "}).status_code == 302
    assert first.get("/admin/").status_code == 200
    sign_in(second)
    assert second.post(PAGE, {"code": codes[3]}).status_code == 422
    assert second.get("/admin/").status_code == 302


def test_wrong_codes_have_to_wait(client, admin):
    set_up(client)
    other = Client()
    sign_in(other)
    device = AuthenticatorApp.objects.get()
    right = code_of(device, later=1)
    for _turn in range(3):
        other.post(PAGE, {"code": "000000" if right != "000000" else "111111"})
    # Even the right one, until the wait is over.
    assert other.post(PAGE, {"code": right}).status_code == 422
    forget_wrong_ones()
    assert other.post(PAGE, {"code": right}).status_code == 302


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/submissions/submission/", "/admin/password_change/", "/admin/auth/user/"]
)
def test_no_page_of_the_workspace_opens_by_the_password_alone(client, admin, path):
    set_up(client)
    other = Client()
    sign_in(other)
    answer = other.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")
    answer = other.post(path, {})
    assert answer.status_code == 403
    assert "You were signed out" in answer.content.decode()


def test_it_leads_nowhere_else_and_to_nobody_else(client, admin):
    assert client.get(PAGE)["Location"] == "/admin/login/"
    set_up(client)
    other = Client()
    sign_in(other)
    device = AuthenticatorApp.objects.get()
    answer = other.post(PAGE, {"code": code_of(device, later=1), "next": "https://elsewhere.example/admin/"})
    assert answer["Location"] == "/admin/"
    # Who is not of the staff never sees it.
    stranger = Client()
    stranger.force_login(get_user_model().objects.create_user("stranger"))
    assert stranger.get(PAGE)["Location"] == "/admin/login/"


def test_signing_out_in_the_middle(client, admin):
    sign_in(client)
    assert client.post(PAGE, {"sign-out": "1"})["Location"] == "/admin/login/"
    assert "_auth_user_id" not in client.session


def test_lost_phone_and_codes(client, admin, capsys):
    set_up(client)
    call_command("reset_second_factor", "boss")
    assert "sets up a new second factor with this link: http://testserver/admin/inv" in capsys.readouterr().out
    call_command("invite", "boss")
    assert capsys.readouterr().out.startswith("http://testserver/admin/invitation/")
    # Also where somebody was signed in already.
    assert client.get("/admin/").status_code == 302
    assert client.get(PAGE).status_code == 403
    with pytest.raises(CommandError, match="no second factor yet"):
        call_command("reset_second_factor", get_user_model().objects.create_user("new").username)
    with pytest.raises(CommandError, match="no account nobody"):
        call_command("reset_second_factor", "nobody")


def test_secrets_are_in_no_list_of_the_workspace(client, admin):
    set_up(client)
    assert client.get("/admin/").status_code == 200
    for path in ("accounts/authenticatorapp", "accounts/recoverycodes", "accounts/invitation"):
        assert client.get(f"/admin/{path}/").status_code == 404


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"PUBLIC_URL": "https://consultation.example.org"}, True),
        ({"PUBLIC_URL": "http://127.0.0.1:8000", "DEBUG": "true"}, False),
        ({"PUBLIC_URL": "http://127.0.0.1:8000"}, False),
        ({"PUBLIC_URL": "http://127.0.0.1:8000", "SECOND_FACTOR": "true"}, True),
    ],
)
def test_wanted_wherever_the_public_is(env, wanted):
    import os
    import subprocess
    import sys

    code = "from wsis import settings; print(settings.SECOND_FACTOR)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(wanted)
