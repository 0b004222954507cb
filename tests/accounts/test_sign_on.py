"""Single sign-on against a real provider on loopback: who gets in, as what, and every way in which a token can lie."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.core.checks import run_checks
from django.test import Client

from accounts.models import OrganisationIdentity, SecurityEvent
from accounts.sign_on import provider as ours
from tests.openid_provider import AMINA, CLIENT_ID, CLIENT_SECRET, openid_provider

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.sign_on.backend.PasswordBackend",
    "accounts.sign_on.backend.OrganisationBackend",
]


@pytest.fixture
def provider(settings):
    with openid_provider() as started:
        settings.AUTHENTICATION_BACKENDS = BACKENDS
        settings.OIDC_ISSUER, settings.OIDC_NAME = started.issuer, "Example Organisation"
        settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
        settings.OIDC_GROUPS = {
            "Reviewer": "wsis-reviewers",
            "Manager": "wsis-managers",
            "Administrator": "wsis-administrators",
        }
        cache.clear()
        yield started
        cache.clear()


def come(client: Client, provider, path: str = "/admin/sign-on/"):
    """The browser's way: to the provider, and back."""
    away = client.get(path)
    if away.status_code != 302:
        return away
    query = {name: values[0] for name, values in parse_qs(urlsplit(away["Location"]).query).items()}
    _status, back = provider.answer("/authorize", query)
    return client.get(back.removeprefix("http://testserver"))


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_colleague_comes_in_as_what_the_groups_say(provider, client):
    answer = come(client, provider, "/admin/sign-on/?next=/admin/submissions/submission/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/submissions/submission/")
    user = User.objects.get()
    assert (user.username, user.email, user.get_full_name()) == ("amina.otieno", "amina@example.org", "Amina Otieno")
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (True, False, False)
    assert [group.name for group in user.groups.all()] == ["Reviewer"]
    assert client.get("/admin/submissions/submission/").status_code == 200
    assert kinds() == ["signed-on"]

    # Another time other groups, and another address: the same account, and these rights alone.
    provider.person |= {"groups": ["wsis-managers", "wsis-administrators"], "email": "a.otieno@example.org"}
    assert come(Client(), provider).status_code == 302
    user = User.objects.get()
    assert [group.name for group in user.groups.all()] == ["Manager"]
    assert (user.is_superuser, user.email) == (True, "a.otieno@example.org")


def test_who_is_in_no_group_is_refused_and_has_no_account(provider, client):
    provider.person["groups"] = ["staff"]
    answer = come(client, provider)
    assert answer.status_code == 403
    assert "in none of the groups" in answer.content.decode()
    assert not User.objects.exists()
    assert kinds() == ["sign-on-refused"]


@pytest.mark.parametrize("groups", [[], "staff", None, 7, [7, None]])
def test_rights_end_with_the_group(provider, client, groups):
    come(client, provider)
    provider.person["groups"] = groups
    assert come(Client(), provider).status_code == 403
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)
    # What is open elsewhere is closed with it.
    assert client.get("/admin/").status_code == 302


def test_an_account_that_is_switched_off_stays_out(provider, client):
    come(client, provider)
    User.objects.update(is_active=False)
    answer = client.get("/admin/")
    assert (answer.status_code, answer.wsgi_request.user.is_authenticated) == (302, False)
    assert come(Client(), provider).status_code == 403
    assert not User.objects.get().is_active


def test_a_colleague_of_before_keeps_the_account(provider, client):
    before = User.objects.create_user("amina", "Amina@example.org", PASSWORD, is_staff=True, is_superuser=True)
    before.groups.add(Group.objects.get(name="Exporter"))
    assert come(client, provider).status_code == 302
    user = User.objects.get()
    assert user.pk == before.pk
    assert (user.is_superuser, [group.name for group in user.groups.all()]) == (False, ["Reviewer"])
    assert OrganisationIdentity.objects.get().subject == AMINA["sub"]


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_nobody_has_verified_takes_no_account(provider, client, verified):
    before = User.objects.create_user("amina.otieno", "amina@example.org", PASSWORD, is_superuser=True)
    provider.person["email_verified"] = verified
    assert come(client, provider).status_code == 302
    other = User.objects.exclude(pk=before.pk).get()
    assert other.username.startswith("amina.otieno-")
    before.refresh_from_db()
    assert before.is_superuser


def test_the_emergency_account_is_nobody_elses(provider, client):
    """Neither by its address nor by its name; and it alone has a password."""
    User.objects.create_superuser("admin", "amina@example.org", PASSWORD)
    User.objects.create_superuser("colleague", password=PASSWORD)
    provider.person["preferred_username"] = "admin"
    assert come(client, provider).status_code == 302
    assert OrganisationIdentity.objects.get().user.username.startswith("admin-")
    sent = {"username": "colleague", "password": PASSWORD}
    assert Client().post("/admin/login/", sent).status_code == 200
    assert Client().post("/admin/login/", {**sent, "username": "admin"}).status_code == 302
    assert kinds() == ["signed-on", "wrong-password", "emergency"]


def test_two_people_with_one_address_are_two(provider, client):
    come(client, provider)
    provider.person["sub"] = "another"
    assert come(Client(), provider).status_code == 302
    assert User.objects.count() == OrganisationIdentity.objects.count() == 2


OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key(provider) -> bytes:
    public = provider.key.public_key()
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


METADATA = "/.well-known/openid-configuration"
LIES = {
    "made for another": lambda one: one.token.update(aud="another"),
    "made for several, and asked for by another": lambda one: one.token.update(aud=[CLIENT_ID, "x"], azp="x"),
    "of another issuer": lambda one: one.token.update(iss="https://elsewhere.example"),
    "too old": lambda one: one.token.update(exp=int(time.time()) - 60),
    "not yet": lambda one: one.token.update(iat=int(time.time()) + 600),
    "of an earlier visit": lambda one: one.token.update(nonce="an earlier one"),
    "about nobody": lambda one: one.token.update(sub=None),
    "about another than the page of claims": lambda one: one.token.update(sub="another"),
    "signed by another": lambda one: setattr(one, "signed_with", (OTHER_KEY, "RS256")),
    "not signed": lambda one: setattr(one, "signed_with", (None, "none")),
    "signed with the public key as a secret": lambda one: setattr(one, "signed_with", (public_key(one), "HS256")),
    "signed with our own secret": lambda one: setattr(one, "signed_with", (CLIENT_SECRET, "HS256")),
    "metadata of another": lambda one: one.answers.update(
        {"/.well-known/openid-configuration": (200, {"issuer": "x"})}
    ),
    "no metadata": lambda one: one.answers.update({METADATA: (503, {})}),
    "metadata that are none": lambda one: one.answers.update({METADATA: (200, b"<html>")}),
    "a code that is refused": lambda one: one.answers.update({"/token": (400, {"error": "invalid_grant"})}),
    "no token": lambda one: one.answers.update({"/token": (200, {})}),
    "a token that is none": lambda one: one.answers.update({"/token": (200, {"id_token": "x.y.z"})}),
    "no keys": lambda one: one.answers.update({"/keys": (200, {"keys": []})}),
    "keys that are none": lambda one: one.answers.update({"/keys": (200, b"[]")}),
    "claims that are none": lambda one: one.answers.update({"/userinfo": (200, b"[]")}),
    "no claims": lambda one: one.answers.update({"/userinfo": (500, {})}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_lets_nobody_in(provider, client, lie, caplog):
    LIES[lie](provider)
    ours._keys.cache_clear()
    answer = come(client, provider)
    assert answer.status_code == 502
    assert "Example Organisation does not answer" in answer.content.decode()
    assert client.get("/admin/").status_code == 302
    assert not User.objects.exists()
    assert "eyJ" not in caplog.text
    assert "code-" not in caplog.text


def test_a_provider_that_is_away(provider, client):
    provider.stop()
    cache.clear()
    assert come(client, provider).status_code == 502
    # The way in that is left.
    User.objects.create_superuser("admin", password=PASSWORD)
    assert client.post("/admin/login/", {"username": "admin", "password": PASSWORD}).status_code == 302


def test_an_answer_opens_once_and_in_the_browser_that_asked(provider, client):
    away = client.get("/admin/sign-on/")
    query = {name: values[0] for name, values in parse_qs(urlsplit(away["Location"]).query).items()}
    assert (query["code_challenge_method"], len(query["nonce"]), "max_age" in query) == ("S256", 32, False)
    back = provider.answer("/authorize", query)[1].removeprefix("http://testserver")
    assert Client().get(back).status_code == 400  # a stranger's browser: nobody is signed in as somebody else
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 400
    for path in ("?error=access_denied", "", "?code=x", "?state=x", "?code=x&state=x", "?code=&state="):
        assert client.get(f"/admin/sign-on/callback/{path}").status_code == 400
    # And none of them has signed anybody out.
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/", "/admin/../", "javascript:x"])
def test_it_leads_to_the_workspace_alone(provider, client, wanted):
    answer = come(client, provider, f"/admin/sign-on/?next={wanted}")
    assert answer["Location"] in {"/admin/", "/admin/../"}


def test_the_second_factor_is_the_providers_if_it_says_so(provider, client, settings):
    settings.SECOND_FACTOR = True
    come(client, provider)
    assert client.get("/admin/").status_code == 302
    provider.token["amr"] = ["pwd", "mfa"]
    with_both = Client()
    come(with_both, provider)
    assert with_both.get("/admin/").status_code == 200
    # Not for whoever signs in next in that browser.
    with_both.post("/admin/logout/")
    provider.token["amr"] = ["pwd"]
    come(with_both, provider)
    assert with_both.get("/admin/").status_code == 302


def test_without_a_provider_there_is_no_such_door(client):
    assert client.get("/admin/sign-on/").status_code == 404
    assert client.get("/admin/sign-on/callback/?code=x&state=x").status_code == 404
    assert "Emergency account" not in client.get("/admin/login/").content.decode()


def test_signing_in_offers_the_organisation_first(provider, client):
    page = client.get("/admin/login/?next=/admin/submissions/").content.decode()
    assert page.index("Sign in with Example Organisation") < page.index("Emergency account") < page.index("Username")
    assert "/admin/sign-on/?next=/admin/submissions/" in page


def test_contacts_are_taken_out_after_the_password_there(provider, client, consultation):
    """The provider's cookie of days ago is not enough: it asks anew, and the choices come back."""
    provider.person["groups"] = ["wsis-managers"]
    provider.token["auth_time"] = int(time.time()) - 16 * 60
    come(client, provider)
    form = {"consultation": consultation.pk, "layout": "submissions", "format": "xlsx", "profile": "verbatim"}
    form |= {"audience": "full", "theme": "", "filters": ""}
    refused = client.post("/admin/submissions/export/add/", form)
    assert refused.status_code == 200
    page = refused.content.decode()
    assert "Your password" not in page
    link = page.split('href="/admin/sign-on/?')[1].split('"')[0].replace("&amp;", "&")
    # It sends an old time although it was asked for a new one: that does not do.
    come(client, provider, f"/admin/sign-on/?{link}")
    assert client.post("/admin/submissions/export/add/", form).status_code == 200
    del provider.token["auth_time"]
    back = come(client, provider, f"/admin/sign-on/?{link}")
    initial = client.get(back["Location"]).context["adminform"].form.initial
    assert {name: initial[name] for name in ("layout", "format", "audience")} == {
        "layout": "submissions",
        "format": "xlsx",
        "audience": "full",
    }
    assert client.post("/admin/submissions/export/add/", form).status_code == 302
    assert kinds() == ["signed-on", "signed-on", "signed-on"]


def test_asking_anew_is_said_to_the_provider(provider, client):
    away = client.get("/admin/sign-on/?again=1")
    query = parse_qs(urlsplit(away["Location"]).query)
    assert (query["prompt"], query["max_age"]) == (["login"], ["0"])


def test_a_network_that_knocks_too_often_waits(provider, client, monkeypatch):
    from dataclasses import replace

    from accounts import sign_in

    monkeypatch.setattr(sign_in, "ATTEMPTS", replace(sign_in.ATTEMPTS, times=3))
    answers = [client.get("/admin/sign-on/").status_code for _turn in range(5)]
    assert answers == [302] * 3 + [429] * 2


def test_refusals_lock_nobody_out(provider, client):
    """Ten colleagues who are in no group, from an office where the eleventh is."""
    provider.person["groups"] = []
    assert [come(Client(), provider).status_code for _turn in range(10)] == [403] * 10
    provider.person["groups"] = ["wsis-reviewers"]
    assert come(client, provider).status_code == 302


@pytest.mark.parametrize(
    ("changed", "wanting"),
    [
        ({"OIDC_ISSUER": "http://provider.example"}, "https://"),
        ({"OIDC_RP_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({"OIDC_RP_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({"OIDC_GROUPS": {}}, "OIDC_GROUPS"),
        ({}, ""),
    ],
)
def test_half_a_set_up_does_not_start(provider, settings, changed, wanting):
    for name, value in changed.items():
        setattr(settings, name, value)
    found = [error for error in run_checks() if error.id == "wsis.E008"]
    assert [wanting in error.msg for error in found] == ([True] if wanting else [])
