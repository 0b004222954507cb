"""Who may add a passkey, and who may use one. The ceremonies themselves: tests/browser/test_second_factor.py."""

import pytest
from django.test import Client
from django.urls import reverse
from django_otp_webauthn.models import WebAuthnCredential

from accounts import second_factor
from accounts.models import AuthenticatorApp

pytestmark = pytest.mark.django_db

PASSKEY_URLS = [reverse(f"admin:passkey_{name}") for name in ("add", "added", "show", "shown")]


@pytest.fixture(autouse=True)
def _public(settings):
    settings.SECOND_FACTOR = True
    settings.PUBLIC_URL = "https://testserver"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = ["https://testserver"]


def passkey(user, number: int = 1) -> WebAuthnCredential:
    return WebAuthnCredential.objects.create(
        user=user, name="Key", credential_id=bytes([number]), public_key=b"x", transports=[], aaguid="0"
    )


@pytest.mark.parametrize("url", PASSKEY_URLS)
def test_a_stranger_is_refused(client, url):
    assert client.post(url, {}, content_type="application/json").status_code in {400, 403}
    assert client.get(url).status_code in {403, 405}


@pytest.mark.parametrize("url", PASSKEY_URLS[:2])
def test_the_password_alone_adds_none(admin_client, admin_user, url):
    """Or whoever has it would add their own. Neither does it where nothing is set up yet: that takes an invitation."""
    assert admin_client.post(url, {}, content_type="application/json").status_code == 403
    AuthenticatorApp.objects.create(user=admin_user, name="app", sealed_secret="x")
    assert admin_client.post(url, {}, content_type="application/json").status_code == 403
    assert admin_client.get(reverse("admin:passkeys")).status_code == 302


def test_whoever_is_no_colleague_shows_none(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("visitor"))
    assert client.post(PASSKEY_URLS[2], {}, content_type="application/json").status_code == 403


def test_what_is_shown_has_to_be_asked_for(admin_client, admin_user):
    """Without a challenge of ours, or with rubbish: a refusal in words, and nobody is let in."""
    passkey(admin_user)
    for body in ("", "{", "[]", "{}", '{"id": "x"}', "null"):
        answer = admin_client.post(PASSKEY_URLS[3], body, content_type="application/json")
        assert answer.status_code in {400, 422}, body
    assert admin_client.post(PASSKEY_URLS[2], {}, content_type="application/json").status_code == 200
    answer = admin_client.post(PASSKEY_URLS[3], {"id": "AQ", "rawId": "AQ"}, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert admin_client.get("/admin/").status_code == 302


def test_a_reset_takes_passkeys_too(admin_user):
    passkey(admin_user)
    assert second_factor.reset(admin_user) == 1
    assert not WebAuthnCredential.objects.exists()


def test_nobody_removes_anothers(admin_user, django_user_model, settings):
    settings.SECOND_FACTOR = False
    hers = passkey(django_user_model.objects.create_user("mariam", is_staff=True), 2)
    client = Client()
    client.force_login(admin_user)
    for value in (str(hers.pk), "x", "9" * 40, ""):
        client.post(reverse("admin:passkeys"), {"remove": value})
    assert WebAuthnCredential.objects.count() == 1
    another = passkey(admin_user)
    client.post(reverse("admin:passkeys"), {"remove": str(another.pk)})
    assert list(WebAuthnCredential.objects.all()) == [hers]
