"""The private link: what opens a draft elsewhere, and what must not happen on the way."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client

from submissions.drafts import keys
from submissions.mail import messages, outbox
from submissions.models import Draft, DraftContribution, Mail
from tests.factories import make_consultation, move_cutoff_behind_now
from tests.pages import squeezed
from tests.visitor import ANSWERS, answer_about_you, link_on, write
from themes.intake import database_now

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/elements-paper/"
PAGE = f"{HOME}come-back/"


def test_the_link_opens_the_same_draft_elsewhere(client, consultation):
    write(client, 1, "Begun here.")
    link = link_on(client)
    assert re.fullmatch(r"http://[^#]+/elements-paper/come-back/#[\w-]{43}", link)
    colleague = Client()
    response = colleague.post(PAGE, {"link": link})
    assert (response.status_code, response["Location"]) == (303, f"{HOME}?opened")
    assert "Begun here." in colleague.get(f"{HOME}themes/1/").content.decode()
    write(colleague, 2, "Gone on there.")
    assert "Gone on there." in client.get(f"{HOME}themes/2/").content.decode()
    # It is stable, and works as often as one likes; the key alone does too.
    assert link_on(colleague) == link
    assert Client().post(PAGE, {"link": link.partition("#")[2]}).status_code == 303
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    "pasted",
    [
        "{link}",
        "{key}",
        "Here is our draft: {link}. Please have a look!",
        "<{link}>",
        "{start}#{first}\n> {rest}",
        "{start}#{first}=\r\n{rest}",
        "https://eur01.safelinks.protection.outlook.com/?url={quoted}&data=05%7C02%7Camina%40example.org&reserved=0",
        "https://urldefense.com/v3/__{link}__;Iw!!abc$",
        "\u200b{link}\ufeff",
    ],
)
def test_the_link_is_found_in_whatever_is_pasted(client, consultation, pasted):
    write(client, 1, "Begun here.")
    link = link_on(client)
    start, _sign, key = link.partition("#")
    parts = {"link": link, "key": key, "start": start, "first": key[:20], "rest": key[20:], "quoted": quote(link, "")}
    answer = Client().post(PAGE, {"link": pasted.format(**parts)})
    assert (answer.status_code, answer["Location"]) == (303, f"{HOME}?opened")


def test_what_holds_no_link_is_told_and_costs_few_looks(client, consultation, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        answer = client.post(PAGE, {"link": " ".join("a" * 42 + str(n % 10) for n in range(100))})
    assert "No draft opens with this" in answer.content.decode()


def test_nothing_changes_on_get(client, consultation):
    write(client, 1, "x")
    link, before = link_on(client), list(Draft.objects.values())
    scanner = Client()
    page = scanner.get(PAGE)
    assert "draft-" not in "".join(scanner.cookies)
    assert link not in page.content.decode()
    assert list(Draft.objects.values()) == before


def test_only_the_hash_is_stored_until_an_address_is_left(client, consultation):
    write(client, 1, "x")
    key = link_on(client).partition("#")[2]
    draft = Draft.objects.get()
    assert draft.key_hash == keys.hash_of(key)
    assert draft.sealed_key == ""
    assert not any(key in str(value) for value in Draft.objects.values().get().values())
    client.post(f"{PAGE}mail/", {"email": "amina@example.org"})
    draft.refresh_from_db()
    # Sealed: in the database it is nowhere in the clear, and another server's secret opens nothing.
    stored = [*Draft.objects.values().get().values(), *Mail.objects.values().get().values()]
    assert not any(key in str(value) for value in stored)
    assert keys.link_for_mail(draft) == link_on(client)


def test_another_secret_opens_no_sealed_key(client, consultation, settings):
    write(client, 1, "x")
    client.post(f"{PAGE}mail/", {"email": "amina@example.org"})
    link = keys.link_for_mail(Draft.objects.get())
    assert "#" in link
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert keys.link_for_mail(Draft.objects.get()) == ""
    settings.SECRET_KEY_FALLBACKS = [old]
    assert keys.link_for_mail(Draft.objects.get()) == link


def test_the_mail_carries_the_link_and_the_outbox_does_not(client, consultation):
    write(client, 1, f"My text says {keys.LINK_MARK}, as a joke.")
    link = link_on(client)
    assert client.post(f"{PAGE}mail/", {"email": "colleague@example.org"})["Location"] == f"{PAGE}?mailed#main"
    assert "on its way to colleague@example.org" in client.get(f"{PAGE}?mailed#main").content.decode()
    assert outbox.send_due() == 1
    (sent,) = mail.outbox
    assert sent.to == ["colleague@example.org"]
    assert sent.body.count(link) == 1
    assert keys.LINK_MARK not in sent.body
    assert Draft.objects.get().link_email == "colleague@example.org"


def test_mails_with_the_link_are_no_nuisance(client, consultation):
    write(client, 1, "x")
    for _turn in range(messages.MAX_LINKS_PER_PERIOD):
        assert client.post(f"{PAGE}mail/", {"email": "amina@example.org"}).status_code == 303
    refused = client.post(f"{PAGE}mail/", {"email": "amina@example.org"})
    assert "several times within the hour" in refused.content.decode()
    # Nor does another draft reach the same address once more.
    other = Client()
    write(other, 1, "y")
    assert other.post(f"{PAGE}mail/", {"email": "AMINA@example.org"}).status_code == 200
    assert Mail.objects.count() == messages.MAX_LINKS_PER_PERIOD
    Mail.objects.update(queued_at=database_now() - timedelta(hours=1, seconds=1))
    assert other.post(f"{PAGE}mail/", {"email": "amina@example.org"}).status_code == 303


def test_a_wrong_link_and_an_empty_one_are_told(client, consultation):
    page = client.post(PAGE, {"link": "http://example.org/#wrong"}).content.decode()
    assert "No draft opens with this" in page
    assert 'href="#id_link"' in page
    assert "Paste your private link here." in client.post(PAGE, {"link": " "}).content.decode()
    # A link opens drafts of its own consultation alone.
    write(client, 1, "x")
    link = link_on(client)
    now = database_now()
    make_consultation(slug="zero-draft", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    assert "No draft opens" in Client().post("/zero-draft/come-back/", {"link": link}).content.decode()


def test_another_unsent_draft_in_this_browser_is_not_lost(client, consultation):
    write(client, 1, "Of my colleague.")
    theirs = link_on(client)
    own_draft = Client()
    write(own_draft, 2, "My own.")
    my_link = link_on(own_draft)
    warning = own_draft.post(PAGE, {"link": theirs})
    assert warning.status_code == 409
    assert my_link in warning.content.decode()
    assert link_on(own_draft) == my_link
    assert own_draft.post(PAGE, {"link": theirs, "leave": "1"}).status_code == 303
    assert link_on(own_draft) == theirs
    assert own_draft.post(PAGE, {"link": my_link, "leave": "1"}).status_code == 303
    assert "My own." in own_draft.get(f"{HOME}themes/2/").content.decode()


def test_finish_on_this_device_forgets_the_key_and_keeps_the_draft(client, consultation):
    write(client, 1, "x")
    link = link_on(client)
    response = client.post(f"{PAGE}finish/")
    assert response["Location"] == f"{PAGE}?finished#main"
    assert response.cookies[f"draft-{consultation.pk}"].value == ""
    assert "This browser no longer opens the draft." in client.get(f"{PAGE}?finished#main").content.decode()
    assert DraftContribution.objects.get().text == "x"
    assert client.post(PAGE, {"link": link}).status_code == 303
    assert link_on(client) == link


def test_the_cookie_is_out_of_reach_of_scripts(client, consultation):
    cookie = write(client, 1, "x").cookies[f"draft-{consultation.pk}"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_reminders_can_be_ended_and_resumed(client, consultation):
    write(client, 1, "x")
    client.post(f"{PAGE}mail/", {"email": "amina@example.org"})
    assert "Reminders go to amina@example.org." in client.get(PAGE).content.decode()
    client.post(f"{PAGE}reminders/", {"off": ""})
    assert Draft.objects.get().wants_reminders is False
    assert "No reminders are sent." in client.get(PAGE).content.decode()
    client.post(f"{PAGE}reminders/", {"on": ""})
    assert Draft.objects.get().wants_reminders is True


def test_after_the_cutoff_the_link_still_opens_what_was_written(client, consultation):
    write(client, 1, "Still readable.")
    link = link_on(client)
    move_cutoff_behind_now(consultation)
    other = Client()
    assert other.post(PAGE, {"link": link}).status_code == 303
    assert "Still readable." in other.get(f"{HOME}draft/").content.decode()
    assert "Still readable." in other.get(f"{HOME}draft.txt").content.decode()


def test_a_new_link_ends_the_old_one(client, consultation):
    write(client, 1, "Ours.")
    client.post(f"{PAGE}mail/", {"email": "amina@example.org"})
    old, colleague = link_on(client), Client()
    colleague.post(PAGE, {"link": old})
    answer = client.post(f"{PAGE}new-link/", follow=True)
    assert "The earlier one no longer works." in answer.content.decode()
    new = link_on(client)
    assert new != old
    # Neither the old link, nor a browser that came by it.
    assert "No draft opens with this." in Client().post(PAGE, {"link": old}).content.decode()
    assert "Ours." not in colleague.get(f"{HOME}themes/1/").content.decode()
    assert Client().post(PAGE, {"link": new}).status_code == 303
    assert "Ours." in client.get(f"{HOME}themes/1/").content.decode()
    # Mails that wait carry the new one.
    outbox.send_due()
    assert new in mail.outbox[-1].body
    assert old not in mail.outbox[-1].body
    # Whoever came second has the key that ended, and is given none.
    assert "draft-" not in str(colleague.post(f"{PAGE}new-link/").cookies)
    assert link_on(client) == new


def test_two_new_links_at_once(consultation, client):
    write(client, 1, "Ours.")
    first, second = Draft.objects.get(), Draft.objects.get()
    assert [keys.renew(first), keys.renew(second)] == [True, False]
    assert keys.find_draft(consultation, first.key) == first


def test_opening_a_draft_says_which_it_is(client, consultation):
    write(client, 1, "Begun here.")
    answer_about_you(client)
    elsewhere = Client()
    page = elsewhere.post(PAGE, {"link": link_on(client)}, follow=True).content.decode()
    assert "Your draft is open in this browser." in page
    assert f"The draft of {ANSWERS['organisation']}." in page
    assert re.search(r"Last saved on \d+ \w+ \d{4}, \d\d:\d\d", page)
    assert "Your draft is open in this browser." not in elsewhere.get(HOME).content.decode()
    # The page on which one writes says it too.
    assert f"<dd><bdi>{ANSWERS['organisation']}</bdi></dd>" in squeezed(
        elsewhere.get(f"{HOME}themes/1/").content.decode()
    )


def test_whoever_has_no_draft_here_is_first_asked_for_the_link(client, consultation):
    page = client.get(PAGE).content.decode()
    assert page.index("Open the draft") < page.index("No draft yet?") < page.index("See all areas")
    assert re.findall(r'class="(button(?: quiet)?)"', page) == ["button", "button quiet"]
