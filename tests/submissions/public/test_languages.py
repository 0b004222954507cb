"""The language is chosen on every page, and what was typed there comes along."""

import re

import pytest
from django.conf import settings
from django.db import OperationalError

from submissions.models import Draft, DraftContribution, Mail, Submission, Withdrawal
from tests.factories import move_cutoff_behind_now
from tests.pages import fields_of
from tests.visitor import ANSWERS, HOME, answer_about_you, proposal_rows, ready_to_send, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
FRENCH = {"page-language": "fr"}
PAGES = (
    *("", "themes/1/", "themes/8/", "about-you/", "publication/", "send/", "draft/", "offline/", "come-back/"),
    *("receipt/", "withdraw/", "wording/"),
)


def is_in(page: str, language: str) -> bool:
    return f'<html lang="{language}"' in page


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_the_switch(client, consultation, path):
    ready_to_send(client)
    client.post(f"{HOME}send/")
    page = client.get(HOME + path, follow=True).content.decode()
    found = re.findall(r'name="(?:page-)?language" value="([a-z-]+)"', page)
    assert found == LANGUAGES


@pytest.mark.parametrize("path", ["themes/1/", "about-you/", "publication/", "offline/"])
def test_enter_presses_the_forms_own_button_and_no_language(client, consultation, path):
    """A browser takes the first button of the form, in the order of the page, wherever it stands."""
    ready_to_send(client)
    page = client.get(HOME + path, follow=True).content.decode()
    (form,) = re.findall(r'<form method="post" id="([a-z-]+)"', page)
    first = re.search(rf'<button form="{form}"([^>]*)>', page)
    assert first is not None
    assert first[1].strip() in {"hidden", 'name="go-on" hidden'}


def test_a_text_is_saved_as_by_any_button_and_comes_along(client, consultation):
    rows = proposal_rows(("59", "New <wording>", "Because"))
    answer = client.post(f"{HOME}themes/3/", {"text": "Typed <now>."} | rows | FRENCH)
    assert (answer.status_code, answer.url) == (303, f"{HOME}themes/3/")
    page = client.get(answer.url).content.decode()
    assert is_in(page, "fr")
    assert "Typed &lt;now&gt;.</textarea>" in page
    assert "New &lt;wording&gt;</textarea>" in page
    assert DraftContribution.objects.get().text == "Typed <now>."


def test_a_text_that_cannot_be_saved_is_on_the_page_in_that_language(client, consultation):
    rows = proposal_rows(("x" * 41, "New <wording>", ""))
    answer = client.post(f"{HOME}themes/3/", {"text": "Typed <now>."} | rows | FRENCH)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert is_in(page, "fr")
    assert "Typed &lt;now&gt;.</textarea>" in page
    assert "x" * 41 in page
    assert " data-unsaved" in page
    assert is_in(client.get(HOME).content.decode(), "fr")


def test_a_newer_text_of_a_colleague_is_not_saved_over(client, consultation):
    write(client, 3, "Before.")
    fields = dict(fields_of(client.get(f"{HOME}themes/3/")))
    write(client, 3, "Of a colleague.", version=fields["version"])
    answer = client.post(f"{HOME}themes/3/", fields | {"text": "Typed."} | FRENCH)
    assert answer.status_code == 409
    assert is_in(answer.content.decode(), "fr")
    assert DraftContribution.objects.get().text == "Of a colleague."


def test_an_area_that_is_left_out_stays_so(client, consultation):
    write(client, 3, "Kept.", **{"leave-out": ""})
    client.post(f"{HOME}themes/3/", {"text": "Kept."} | FRENCH)
    assert DraftContribution.objects.get().is_left_out


def test_an_empty_page_makes_no_draft(client, consultation):
    assert client.post(f"{HOME}themes/3/", {"text": "", **FRENCH}).status_code == 303
    assert is_in(client.get(f"{HOME}themes/3/").content.decode(), "fr")
    assert not Draft.objects.exists()


def test_a_text_of_another_draft_is_shown_and_goes_into_none(client, consultation):
    write(client, 3, "Of this draft.")
    answer = client.post(f"{HOME}themes/3/", {"text": "Typed.", "draft": "0" * 16, **FRENCH})
    assert answer.status_code == 409
    assert "Typed." in answer.content.decode()


def test_a_text_that_came_too_late_is_on_the_page(client, consultation):
    write(client, 3, "Before.")
    move_cutoff_behind_now(consultation)
    answer = client.post(f"{HOME}themes/3/", {"text": "Typed.", **FRENCH})
    assert answer.status_code == 409
    assert is_in(answer.content.decode(), "fr")
    assert "Typed." in answer.content.decode()


def test_answers_come_along_wrong_ones_too(client, consultation):
    write(client, 3, "x")
    typed = ANSWERS | {"email": "no address", "contact_name": "Amina <Otieno>"}
    page = client.post(f"{HOME}about-you/", typed | FRENCH).content.decode()
    assert is_in(page, "fr")
    assert 'value="no address"' in page
    assert 'value="Amina &lt;Otieno&gt;"' in page
    assert len(re.findall(r"\schecked", page)) == 4
    assert 'class="error' not in page
    answer = client.post(f"{HOME}about-you/", ANSWERS | FRENCH)
    assert (answer.status_code, answer.url) == (303, f"{HOME}about-you/")
    assert Draft.objects.get().contact_name == ANSWERS["contact_name"]


def test_the_language_of_the_text_is_no_language_of_the_page(client, consultation):
    write(client, 3, "x")
    client.post(f"{HOME}about-you/", ANSWERS | {"language": "fr"})
    assert Draft.objects.get().language == "fr"
    assert is_in(client.get(HOME).content.decode(), "en")


def test_choices_of_publication_come_along(client, consultation):
    write(client, 3, "x")
    answer_about_you(client)
    answer = client.post(f"{HOME}publication/", {"theme-3": "none", **FRENCH})
    page = client.get(answer.url).content.decode()
    assert is_in(page, "fr")
    assert re.search(r'value="none"[^>]* (checked|selected)', page)
    assert DraftContribution.objects.get().own_consent == "none"


def test_what_was_pasted_and_what_was_read_come_along(client, consultation):
    pasted = "Hello <you>\n### 1. Theme 1\nFirst."
    page = client.post(f"{HOME}offline/", {"pasted": pasted, **FRENCH}).content.decode()
    assert is_in(page, "fr")
    assert "Hello &lt;you&gt;\n### 1. Theme 1\nFirst.</textarea>" in page
    checked = client.post(f"{HOME}offline/", {"pasted": pasted})
    answer = client.post(f"{HOME}offline/keep/", dict(fields_of(checked)) | {"page-language": "es"})
    assert is_in(answer.content.decode(), "es")
    assert fields_of(answer) == fields_of(checked)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("language", ["xx", "", "pt", "fr\x00"])
def test_a_language_that_is_none_changes_nothing(client, consultation, language):
    client.post(f"{HOME}themes/3/", {"text": "Kept.", "page-language": language})
    assert DraftContribution.objects.get().text == "Kept."
    assert is_in(client.get(HOME).content.decode(), "en")


POSTED = [
    *("themes/1/", "about-you/", "publication/", "send/", "offline/", "offline/keep/", "come-back/", "come-back/mail/"),
    *("come-back/reminders/", "come-back/new-link/", "come-back/finish/", "withdraw/", "another/"),
]


def test_the_walk_above_knows_every_address_that_is_posted_to():
    """An address added later is either walked here, or takes a token and is opened from a mail."""
    read_only = {"", "deadline.ics", "wording/", "draft/", "receipt/"}
    from submissions.urls import urlpatterns

    addresses = {str(pattern.pattern).removeprefix("<slug:slug>/") for pattern in urlpatterns}
    plain = {address for address in addresses if "<" not in address and "?P" not in address}
    assert plain - read_only == set(POSTED) - {"themes/1/"}


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("is_sent", [False, True])
def test_choosing_a_language_does_nothing_else(client, consultation, path, is_sent):
    ready_to_send(client)
    if is_sent:
        client.post(f"{HOME}send/")
    before = Draft.objects.values().get()
    cookies = {name: morsel.value for name, morsel in client.cookies.items() if name != settings.LANGUAGE_COOKIE_NAME}
    mails, sent = Mail.objects.count(), Submission.objects.count()
    answer = client.post(HOME + path, {"link": "x", "email": "other@example.org", **FRENCH}, follow=True)
    assert answer.status_code in {200, 409, 422}
    assert is_in(answer.content.decode(), "fr")
    after = Draft.objects.values().get()
    if path != "about-you/":
        unlike = {name for name, value in after.items() if value != dict(before)[name]}
        assert unlike <= {"saved_at", "version"}
    assert after["key_hash"] == before["key_hash"]
    assert (Mail.objects.count(), Submission.objects.count()) == (mails, sent)
    assert not Withdrawal.objects.exists()
    assert cookies.items() <= {name: morsel.value for name, morsel in client.cookies.items()}.items()


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("come-back/", {"link": "https://example.org/#no-such-key"}),
        ("come-back/mail/", {"email": "no address"}),
        ("themes/3/", {"text": "Typed elsewhere.", "draft": "another-draft"}),
    ],
)
def test_an_answer_to_a_form_has_the_switch_and_keeps_what_was_typed(client, consultation, path, typed):
    write(client, 3, "x")
    refused = client.post(HOME + path, typed)
    found = re.findall(r'<button name="page-language" value="([a-z-]+)"', refused.content.decode())
    assert found == LANGUAGES
    page = client.post(HOME + path, typed | FRENCH).content.decode()
    assert is_in(page, "fr")
    *_, value = (value for name, value in typed.items() if name != "draft")
    assert value in page


def test_a_fault_page_has_the_switch_and_keeps_the_text(client, consultation, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("submissions.public.area._save", refuse)
    answer = client.post(f"{HOME}themes/3/", {"text": "Typed <now>."} | FRENCH)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert is_in(page, "fr")
    assert "Typed &lt;now&gt;.</textarea>" in page
    assert re.findall(r'<button name="page-language" value="([a-z-]+)"', page) == LANGUAGES


def test_a_template_is_there_in_the_six_languages_and_in_no_other(client, consultation):
    six = [code for code, _name in settings.LANGUAGES]
    others = ["de", "en-gb", "zh", "zh-hant", "named", "null", "now", "xx", "-", "en-", "EN"]
    statuses = {
        code: {client.get(f"{HOME}template-{code}.{kind}").status_code for kind in ("txt", "docx")}
        for code in (*six, *others)
    }
    assert statuses == {code: {200} for code in six} | {code: {404} for code in others}
