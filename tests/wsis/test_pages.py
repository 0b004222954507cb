import html
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.urls import reverse

from wsis import heartbeat
from wsis.models import Heartbeat

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
    from submissions.public import home

    def fail(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(home.rounds, "consultations", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_is_away_gives_the_text_back(client, monkeypatch, error):
    from themes import publication

    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(publication, "visible_consultation", fail)
    rows = {"row-1-wording": "Shall <and> may.", "row-1-paragraph": "59"}
    response = client.post("/elements-paper/themes/1/", {"text": "Kept <by> the page.", "go-on": "", **rows})
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "Kept &lt;by&gt; the page.</textarea>" in page
    assert 'action="/elements-paper/themes/1/"' in page
    assert 'name="go-on"' in page
    assert re.findall(r"<label[^>]*>([^<]*)</label>", page) == [
        *("Your input", "Row 2: Proposed wording", "Row 2: Paragraph"),
    ]
    assert "Shall &lt;and&gt; may.</textarea>" in page
    assert '<input type="hidden" name="go-on" value="">' in page


def test_a_form_of_the_workspace_gives_back_each_text_and_goes_again(admin_client, db, monkeypatch):
    """What was typed in from a letter, theme by theme: all of it, none of what the page itself posted."""
    from submissions.admin import late_access

    def fail(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(late_access, "get_object_or_404", fail)
    result = {
        "theme-1": "First, of two words.",
        "theme-5": "إتاحة",
        "reason": "Came by <post>.",
        "key": "0b6cf1f0-0000-4000-8000-000000000000",
        "way": "paper",
    }
    page = admin_client.post("/admin/submissions/lateaccess/enter/1/", result).content.decode()
    given = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert [html.unescape(text) for text in given] == [result["theme-1"], result["theme-5"], result["reason"]]
    assert re.findall(r"<label[^>]*>([^<]*)</label>", page) == ["Theme 1", "Theme 5", "Reason"]
    assert "Nothing you wrote is lost." in page
    # Its key is sent along: it is entered once, however often it goes.
    assert f'<input type="hidden" name="key" value="{result["key"]}">' in page
    assert "Send it again" in page


def test_heartbeat_by_the_minute():
    assert heartbeat.age(Heartbeat.Part.WORKER) is None
    with pytest.raises(CommandError, match="No round"):
        call_command("healthcheck", "worker")
    for _ in range(3):
        heartbeat.beat(Heartbeat.Part.WORKER)
    assert 1 <= Heartbeat.objects.count() <= 2  # the minute may turn between them
    age = heartbeat.age(Heartbeat.Part.WORKER)
    assert age is not None
    assert timedelta(0) <= age < timedelta(minutes=2)
    assert heartbeat.age(Heartbeat.Part.WEB) is None
    call_command("healthcheck", "beat")
    Heartbeat.objects.update(minute=F("minute") - timedelta(minutes=4))
    with pytest.raises(CommandError, match="No round"):
        call_command("healthcheck", "beat")


def test_health_of_a_web_server_that_is_not_there(settings):
    settings.PORT = 9
    with pytest.raises(CommandError, match="does not answer"):
        call_command("healthcheck", "web")
