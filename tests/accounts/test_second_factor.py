"""The workspace behind a second factor: set up once, asked at each sign-in; the password alone opens nothing."""

import re
import time

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

pytestmark = pytest.mark.django_db
PAGE = "/admin/second-factor/"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _wanted(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def admin(db):
    return get_user_model().objects.create_superuser("boss", password=PASSWORD)


def sign_in(client: Client, where: str = "/admin/") -> None:
    answer = client.post(f"/admin/login/?next={where}", {"username": "boss", "password": PASSWORD})
    assert answer.status_code == 302


def code_of(device: TOTPDevice, *, later: int = 0) -> str:
    return f"{totp(device.bin_key, t0=-30 * later):06}"


def set_up(client: Client) -> list[str]:
    """Signs in for the first time. Returns the recovery codes."""
    sign_in(client)
    assert client.get(PAGE).status_code == 200
    answer = client.post(PAGE, {"code": code_of(TOTPDevice.objects.get())})
    return re.findall(r"<code>(\w+)</code>", answer.content.decode())


def test_the_first_sign_in_sets_it_up(client, admin):
    sign_in(client)
    # The password alone opens nothing.
    assert client.get("/admin/").status_code == 302
    answer = client.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == PAGE
    page = answer.content.decode()
    device = TOTPDevice.objects.get()
    assert not device.confirmed
    assert '<div class="qr"><svg' in page
    assert "style=" not in page
    secret = re.search(r"type this into the app: <code>([A-Z2-7 ]+)</code>", page)
    assert secret
    # A wrong code sets nothing up, and shows the same secret again.
    wrong = client.post(PAGE, {"code": "000000" if code_of(device) != "000000" else "111111"})
    assert wrong.status_code == 422
    assert "This code is not right" in wrong.content.decode()
    assert secret[1] in wrong.content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    answer = client.post(PAGE, {"code": code_of(device)})
    codes = re.findall(r"<code>(\w+)</code>", answer.content.decode())
    assert len(set(codes)) == 10
    assert client.get("/admin/").status_code == 200
    # Shown once, and never again.
    assert client.get(PAGE).status_code == 302


def test_each_sign_in_asks_and_goes_where_one_wanted(client, admin):
    set_up(client)
    other = Client()
    sign_in(other, "/admin/submissions/mail/")
    page = other.get("/admin/submissions/mail/", follow=True).content.decode()
    assert "Type the code that your authenticator app shows" in page
    assert 'class="qr"' not in page
    # The code of the first sign-in is taken once.
    device = TOTPDevice.objects.get()
    assert other.post(PAGE, {"code": code_of(device)}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
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
    device = TOTPDevice.objects.get()
    right = code_of(device, later=1)
    for _turn in range(3):
        other.post(PAGE, {"code": "000000" if right != "000000" else "111111"})
    # Even the right one, until the wait is over.
    assert other.post(PAGE, {"code": right}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
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
    assert other.post(path, {}).status_code == 302


def test_it_leads_nowhere_else_and_to_nobody_else(client, admin):
    assert client.get(PAGE)["Location"] == "/admin/login/"
    set_up(client)
    other = Client()
    sign_in(other)
    device = TOTPDevice.objects.get()
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
    assert "sets up a new second factor" in capsys.readouterr().out
    # Also where somebody was signed in already.
    assert client.get("/admin/").status_code == 302
    assert 'class="qr"' in client.get(PAGE).content.decode()
    with pytest.raises(CommandError, match="no second factor yet"):
        call_command("reset_second_factor", get_user_model().objects.create_user("new").username)
    with pytest.raises(CommandError, match="no account nobody"):
        call_command("reset_second_factor", "nobody")


def test_secrets_are_in_no_list_of_the_workspace(client, admin):
    set_up(client)
    assert client.get("/admin/").status_code == 200
    for path in ("otp_totp/totpdevice", "otp_static/staticdevice"):
        assert client.get(f"/admin/{path}/").status_code == 404
    assert time.time() > 0


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
