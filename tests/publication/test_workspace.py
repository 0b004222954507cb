"""Publishing in the workspace: who may do what, what is shown before it is done, and what is refused in words."""

import html

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from publication import sweep
from publication.models import Publication, PublishedText
from submissions.review.redaction import BAR, decide_publication, redact
from tests.factories import FIRST, send, theme
from tests.publication.publishing import close, publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = "/admin/publication/publication/"


def manager(name: str) -> Client:
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name="Manager"))
    client = Client()
    client.force_login(user)
    return client


def words_of(answer) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def ask(client: Client, consultation, **values) -> Publication:
    fields = {"consultation": consultation.pk, "scope": "allowed", "licence": "CC-BY-4.0", **values}
    answer = client.post(f"{LIST}add/", fields, follow=True)
    assert "It waits for a second person" in words_of(answer)
    return Publication.objects.latest("pk")


def test_two_managers_publish_what_both_have_seen(consultation):
    sent = send(consultation, {1: FIRST, 2: "Private."}, organisation="Atoll Union").submission
    decide_publication(sent, theme(consultation, 2), "withheld", reason="x", by=None)
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="x", by=None)
    close(consultation)
    first, second = manager("first"), manager("second")
    asked = ask(first, consultation, respond_by="2027-09-01")
    page = f"{LIST}{asked.pk}/change/"
    for client in (first, second):
        shown = words_of(client.get(page))
        assert "1 text with its author’s name" in shown
        assert f"The village of {BAR} has no link" in shown
        assert "Li Wei" not in shown
        assert "Private." not in shown
    assert "Somebody else than the one who asked" in words_of(first.get(page))
    assert "make this public" not in words_of(first.get(page))
    seen = html.unescape(second.get(page).content.decode()).split('name="seen" value="')[1].split('"')[0]
    assert "Confirmed" in words_of(second.post(f"{LIST}{asked.pk}/confirm/", {"seen": seen}, follow=True))
    assert "Being published" in words_of(first.get(page))
    sweep.keep_up()
    assert "Published, " in words_of(first.get(page))
    assert PublishedText.objects.get().is_shown
    refused = first.post(f"{LIST}{asked.pk}/withdraw/", {"reason": " "}, follow=True)
    assert "Say why it is withdrawn." in words_of(refused)
    answer = first.post(f"{LIST}{asked.pk}/withdraw/", {"reason": "Too early"}, follow=True)
    assert "It is not public any more." in words_of(answer)
    assert not PublishedText.objects.get().is_shown


REFUSED = {
    "open": "Intake has not closed",
    "waiting": "waits for a second person",
    "published": "nothing to publish",
}


@pytest.mark.parametrize("state", REFUSED)
def test_what_cannot_be_published_is_said_beside_its_field(consultation, state):
    send(consultation)
    client = manager("first")
    if state != "open":
        close(consultation)
    if state == "waiting":
        ask(client, consultation)
    if state == "published":
        publish(consultation)
    fields = {"consultation": consultation.pk, "scope": "allowed", "licence": "CC-BY-4.0"}
    answer = client.post(f"{LIST}add/", fields)
    assert answer.status_code == 200
    assert REFUSED[state] in words_of(answer)


def test_a_licence_is_asked_for(consultation):
    send(consultation)
    answer = manager("first").post(f"{LIST}add/", {"consultation": close(consultation).pk, "scope": "allowed"})
    assert "This field is required" in words_of(answer)
    assert not Publication.objects.exists()


def test_what_has_changed_since_the_page_was_shown_is_not_published(consultation):
    sent = send(consultation, {1: "a", 2: "b"}).submission
    close(consultation)
    asked = ask(manager("first"), consultation)
    second = manager("second")
    decide_publication(sent, theme(consultation, 1), "withheld", reason="x", by=None)
    answer = second.post(f"{LIST}{asked.pk}/confirm/", {"seen": asked.content_sha256}, follow=True)
    assert "has changed since this page was shown" in words_of(answer)
    assert "not any more what was asked for" in words_of(answer)
    assert "Declined: nothing" in words_of(second.post(f"{LIST}{asked.pk}/decline/", follow=True))
    assert "It was answered already." in words_of(second.post(f"{LIST}{asked.pk}/decline/", follow=True))
