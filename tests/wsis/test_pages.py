import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from wsis import heartbeat

pytestmark = pytest.mark.django_db

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def directives(header: str) -> set[str]:
    return {part.strip() for part in header.split(";")}


@pytest.mark.parametrize("path", ["/", "/privacy/", "/nowhere/", "/admin/login/", "/health/"])
def test_every_page_has_the_strict_policy(client, path):
    response = client.get(path)
    assert directives(response["Content-Security-Policy"]) == directives(CSP)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_health(client):
    response = client.get(reverse("health"))
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_privacy_names_whom_to_ask(client):
    page = client.get("/privacy/").content.decode()
    assert "secretariat@example.org" in page
    assert "never published" in page


def test_not_found_is_a_page_of_ours(client):
    response = client.get("/nowhere/at/all/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_a_fault_is_told_without_the_database(client, settings, monkeypatch):
    from submissions import views

    def fail(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(views.Consultation.objects, "filter", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


def test_heartbeat_in_redis():
    with heartbeat._client() as redis:
        redis.delete(heartbeat.KEY)
    assert heartbeat.age() is None
    with pytest.raises(CommandError, match="No round"):
        call_command("healthcheck", "worker")
    heartbeat.beat()
    age = heartbeat.age()
    assert age is not None
    assert age < 5
    call_command("healthcheck", "beat")


def test_health_of_a_web_server_that_is_not_there(settings):
    settings.PORT = 9
    with pytest.raises(CommandError, match="does not answer"):
        call_command("healthcheck", "web")
