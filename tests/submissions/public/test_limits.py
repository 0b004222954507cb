"""Whoever does something too often waits, is told how long, and loses no word."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from publication.urls import urlpatterns as published_pages
from submissions.models import Draft, Submission
from submissions.public import limits
from submissions.urls import urlpatterns
from tests.factories import ENGLISH
from tests.visitor import ANSWERS, HOME, ready_to_send, write
from wsis import rate_limits

pytestmark = pytest.mark.django_db(transaction=True)

NETWORKS = ("10.1.0.1", "10.2.0.1")


@pytest.fixture
def tight(monkeypatch):
    """Each limit of one network and of one draft allows two."""
    for table in ("BY_NETWORK", "BY_DRAFT"):
        few = {name: replace(limit, times=2) for name, limit in getattr(limits, table).items()}
        monkeypatch.setattr(limits, table, few)


def test_every_address_in_the_tables_is_one_of_ours():
    named = limits.BY_NETWORK.keys() | limits.BY_DRAFT.keys() | limits.FILES | limits.MAKES_DRAFT
    assert named <= {pattern.name for pattern in [*urlpatterns, *published_pages]}


def test_a_draft_that_is_saved_too_often_waits_and_its_text_stands_on_the_page(client, consultation, tight):
    write(client, 1, "first")  # there is no draft yet that it could count for
    assert [write(client, 1, f"text {n}").status_code for n in range(2)] == [303, 303]
    answer = write(client, 1, ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    (typed,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert typed.replace("&quot;", '"').replace("&#x27;", "'") == ENGLISH
    assert "Nothing you wrote is lost." in page
    assert "Send it again" in page
    # Another draft from the same network goes on.
    assert write(Client(), 1, "x").status_code == 303


def test_the_page_s_script_is_told_in_its_own_form(client, consultation, tight):
    for _turn in range(3):
        write(client, 1, "x")
    answer = client.post(f"{HOME}themes/1/", {"text": "y"}, headers={"Accept": "application/json"})
    assert answer.status_code == 429
    assert answer.json()["wait"] == int(answer["Retry-After"])


def test_a_network_is_counted_whatever_its_drafts(consultation, monkeypatch, settings):
    settings.TRUSTED_HOPS = 1
    monkeypatch.setattr(limits, "NEW_DRAFTS", replace(limits.NEW_DRAFTS, times=5))

    def begin(network):
        return Client(headers={"X-Forwarded-For": f"9.9.9.9, {network}"}).post(f"{HOME}themes/1/", {"text": "x"})

    assert [begin(NETWORKS[0]).status_code for _turn in range(7)] == [303] * 5 + [429] * 2
    assert begin(NETWORKS[1]).status_code == 303
    assert Draft.objects.count() == 6


def test_every_post_of_a_stranger_is_bounded(client, consultation, monkeypatch):
    """A walk over all public addresses: none is outside the limits."""
    monkeypatch.setattr(limits, "POSTS", replace(limits.POSTS, times=1))
    write(client, 1, "x")
    values = {"slug": "elements-paper", "number": 1, "kind": "txt", "language": "en", "token": "x"}
    for pattern in urlpatterns:
        if pattern.name in {"home", "deadline-entry"}:
            continue  # they take no post
        given = {name: values[name] for name in pattern.pattern.regex.groupindex}
        from django.urls import reverse

        answer = client.post(reverse(f"submissions:{pattern.name}", kwargs=given), {"text": "typed"})
        assert answer.status_code in {405, 429}, pattern.name


def test_files_are_bounded_too(client, consultation, monkeypatch):
    write(client, 1, "x")
    monkeypatch.setattr(limits, "FILES_BY_NETWORK", replace(limits.FILES_BY_NETWORK, times=2))
    files = ("draft.txt", "draft.docx", "draft/")
    assert [client.get(f"{HOME}{file}").status_code for file in files] == [200, 200, 429]
    assert client.get(f"{HOME}themes/1/").status_code == 200


def test_a_sending_that_waits_is_sent_afterwards_with_one_click(client, consultation, tight):
    ready_to_send(client)
    for _turn in range(2):
        client.post(f"{HOME}send/", {"shown": "something else"})
    answer = client.post(f"{HOME}send/")
    assert (answer.status_code, Submission.objects.count()) == (429, 0)
    rate_limits.limiter().storage.key_prefix += "-later"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
    assert client.post(f"{HOME}send/", fields).status_code == 303
    assert Submission.objects.count() == 1


def test_without_valkey_everything_works(client, consultation, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    rate_limits._limiter.cache_clear()
    try:
        ready_to_send(client)
        assert client.post(f"{HOME}about-you/", ANSWERS).status_code == 303
        assert client.post(f"{HOME}send/")["Location"] == f"{HOME}receipt/"
    finally:
        rate_limits._limiter.cache_clear()
