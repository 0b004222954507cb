"""Forms that grew old, lost their cookie or come from elsewhere: nothing is changed, and no text is lost."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from submissions.models import Draft, DraftContribution, Submission
from tests.factories import ARABIC, ENGLISH, move_cutoff_behind_now, theme
from tests.pages import squeezed
from tests.visitor import ANSWERS, HOME, ready_to_send, write
from themes.intake import database_now
from themes.models import Consultation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_form_without_its_cookie_gives_the_text_back(consultation):
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"{HOME}themes/1/", {"text": "Not lost.", "to-list": ""})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Not lost.</textarea>" in page
    # It goes with one click: the page is a form with everything in it and a token of its own.
    (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))
    again = client.post(f"{HOME}themes/1/", {"text": "Not lost.", "to-list": "", "csrfmiddlewaretoken": token})
    assert (again.status_code, again["Location"]) == (303, f"{HOME}#area-1")
    assert DraftContribution.objects.get().text == "Not lost."


def test_nothing_changes_on_get(client, consultation):
    ready_to_send(client)
    before = list(Draft.objects.values()), list(DraftContribution.objects.order_by("pk").values())
    for path in ("", "themes/1/", "about-you/", "send/", "receipt/", "another/", "withdraw/", "come-back/"):
        client.get(HOME + path)
    assert (list(Draft.objects.values()), list(DraftContribution.objects.order_by("pk").values())) == before
    assert theme(consultation, 1).contributions.count() == 0


@pytest.mark.parametrize(
    ("path", "headers", "is_offered"),
    [
        ("themes/1/", {}, True),
        ("themes/1/", {"Sec-Fetch-Site": "same-origin"}, True),
        ("themes/1/", {"Origin": "http://testserver"}, True),
        ("themes/1/", {"Sec-Fetch-Site": "cross-site"}, False),
        ("themes/1/", {"Origin": "https://elsewhere.example"}, False),
        ("send/", {}, False),
        ("send/", {"Sec-Fetch-Site": "same-origin"}, True),
        ("about-you/", {"Sec-Fetch-Site": "same-origin"}, False),
        ("withdraw/", {"Sec-Fetch-Site": "same-origin"}, False),
        ("another/", {"Sec-Fetch-Site": "same-origin"}, False),
    ],
)
def test_no_other_site_is_lent_a_button(consultation, path, headers, is_offered):
    """What was posted from elsewhere, or takes something away, is not offered to be posted again by a page of ours."""
    client = Client(enforce_csrf_checks=True, headers=headers)
    response = client.post(HOME + path, {"text": "Shown.", "email": "attacker@example.org"})
    page = response.content.decode()
    assert response.status_code == 403
    assert ("Send it again" in page) is is_offered
    assert "Shown." in page


def test_an_old_page_does_not_save_over_a_newer_text(client, consultation):
    """Two windows, or two colleagues on one draft: both texts are shown, and the second save is knowing."""
    old = seen_on(client.get(f"{HOME}themes/1/").content.decode())
    write(client, 1, "Two thousand words.", version=old)
    response = write(client, 1, "", version=old)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Two thousand words." in page
    assert "saved in another window" in page
    assert DraftContribution.objects.get().text == "Two thousand words."
    assert write(client, 1, "Both together.", version=seen_on(page)).status_code == 303
    assert DraftContribution.objects.get().text == "Both together."
    # The same text twice is no conflict.
    assert write(client, 1, "Both together.", version=old).status_code == 303


def seen_on(page: str) -> str:
    (seen,) = re.findall(r'name="version" value="([^"]+)"', page)
    return seen


def test_acceptance_taken_back_is_taken_back(client, consultation):
    ready_to_send(client)
    without = {name: value for name, value in ANSWERS.items() if name != "has_accepted_privacy"}
    client.post(f"{HOME}about-you/", {**without, "email": ""})
    draft = Draft.objects.get()
    assert (draft.has_accepted_privacy, draft.email) == (False, "")
    assert client.post(f"{HOME}send/").status_code == 200
    assert Submission.objects.count() == 0


def test_answers_given_too_late_are_kept(client, consultation):
    write(client, 1, "x")
    move_cutoff_behind_now(consultation)
    assert client.post(f"{HOME}about-you/", ANSWERS).status_code == 409
    Consultation.objects.update(closes_at=database_now() + timedelta(days=1))
    assert client.post(f"{HOME}send/").status_code == 303


def test_too_long_and_too_late_comes_back_whole(client, consultation):
    move_cutoff_behind_now(consultation)
    text = "y" * 100_001
    response = write(client, 1, text)
    assert response.status_code == 409
    assert text in response.content.decode()


def test_after_withdrawing_one_starts_anew_with_the_texts(client, consultation):
    ready_to_send(client)
    client.post(f"{HOME}send/")
    client.post(f"{HOME}withdraw/")
    page = client.get(f"{HOME}themes/1/").content.decode()
    assert "takes no further version" in page
    assert "<textarea" not in page
    assert client.post(f"{HOME}another/").status_code == 303
    write(client, 2, "And more.")
    assert client.post(f"{HOME}send/").status_code == 303
    first, second = Submission.objects.order_by("pk")
    assert first.reference != second.reference
    assert list(second.contributions.values_list("text", flat=True)) == [ENGLISH, "And more.", ARABIC]
    assert list(Submission.objects.standing()) == [second]


# --- two drafts in one browser --------------------------------------------------------------------------------------


def mark_on(response) -> str:
    return re.findall(r'name="draft" value="([^"]*)"', response.content.decode())[0]


@pytest.fixture
def two_drafts(client, consultation):
    """A page of the first is open, and then the browser opens the second."""
    write(client, 3, "Of the first.")
    first = mark_on(client.get(f"{HOME}themes/3/"))
    name = next(name for name in client.cookies if name.startswith("draft-"))
    other = Client()
    write(other, 3, "Of the second.")
    client.cookies[name] = other.cookies[name].value
    return client, first


def test_a_page_of_another_draft_saves_nothing_over_this_one(two_drafts):
    """Both are at version 1, so that the version alone would have let it through."""
    client, first = two_drafts
    answer = write(client, 3, "Typed for the first.", version="1", draft=first)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This page belongs to another draft" in page
    assert "Typed for the first." in page
    assert sorted(DraftContribution.objects.values_list("text", flat=True)) == ["Of the first.", "Of the second."]
    sentence = client.post(
        f"{HOME}themes/3/", {"text": "x", "version": "1", "draft": first}, headers={"accept": "application/json"}
    )
    assert (sentence.status_code, list(sentence.json())) == (409, ["other"])
    assert client.post(f"{HOME}about-you/", {**ANSWERS, "draft": first}).status_code == 409
    assert Draft.objects.exclude(contact_name="").count() == 0


def test_the_page_on_which_a_draft_was_begun_knows_which_it_is(client, consultation):
    """Saved by itself, without a new page: what it posts from then on says of which draft it is."""
    first = client.post(f"{HOME}themes/3/", {"text": "a", "draft": ""}, headers={"accept": "application/json"})
    assert first.json()["draft"] == Draft.objects.get().mark
    assert mark_on(client.get(f"{HOME}themes/3/")) == first.json()["draft"]


def test_sending_after_finishing_says_that_the_browser_forgot_it(client, consultation):
    ready_to_send(client)
    mark = mark_on(client.get(f"{HOME}send/"))
    client.post(f"{HOME}come-back/finish/")
    answer = client.post(f"{HOME}send/", {"draft": mark, "shown": "x"})
    assert answer.status_code == 409
    assert "<h1>This browser no longer opens the draft.</h1>" in squeezed(answer)


def test_all_that_was_typed_for_another_draft_comes_back(two_drafts):
    client, first = two_drafts
    page = client.post(f"{HOME}about-you/", {**ANSWERS, "draft": first}).content.decode()
    assert ANSWERS["organisation"] in page
    carried = {"piece-1-text": "Of the file.", "place-1": "1", "piece-2-text": "A piece.", "place-2": "2"}
    page = client.post(f"{HOME}offline/keep/", {**carried, "draft": first}).content.decode()
    assert "Of the file." in page
    assert "A piece." in page


def test_a_page_of_another_draft_sends_nothing(two_drafts):
    client, first = two_drafts
    client.post(f"{HOME}about-you/", ANSWERS)
    answer = client.post(f"{HOME}send/", {"draft": first})
    assert answer.status_code == 409
    assert "Nothing was saved or sent" in answer.content.decode()
    assert Submission.objects.count() == 0
    page = client.get(f"{HOME}send/")
    assert client.post(f"{HOME}send/", {"draft": mark_on(page)}).status_code == 303


def test_what_is_sent_is_what_was_shown(client, consultation):
    """A colleague wrote on after the page was opened: it is shown anew, and goes with the next press."""
    ready_to_send(client)

    def shown() -> dict[str, str]:
        page = client.get(f"{HOME}send/").content.decode()
        return dict(re.findall(r'<input type="hidden" name="(key|draft|shown)" value="([^"]*)">', page))

    before = shown()
    write(client, 1, ENGLISH + " Half a sen")
    answer = client.post(f"{HOME}send/", before)
    assert answer.status_code == 409
    assert "The draft has changed in the meantime" in answer.content.decode()
    assert "Half a sen" in answer.content.decode()
    assert Submission.objects.count() == 0
    assert client.post(f"{HOME}send/", shown()).status_code == 303
    assert Submission.objects.count() == 1


def test_what_was_put_away_is_forgotten_by_the_browser_too(client, consultation, settings):
    settings.IS_HTTPS = True
    write(client, 3, "Mine.")
    assert client.get(f"{HOME}draft/")["Cache-Control"] == "private, no-store"
    answer = client.post(f"{HOME}come-back/finish/")
    assert answer["Clear-Site-Data"] == '"cache"'


# --- a cookie that is gone ------------------------------------------------------------------------------------------

POSTED_WITH_A_MARK = {
    "themes/3/": {"text": "Typed after.", "version": "1"},
    "about-you/": ANSWERS,
    "publication/": {"theme-3": "none"},
    "offline/keep/": {"piece-1-text": "Typed after.", "place-1": "3"},
    "send/": {"shown": "x"},
}


@pytest.mark.parametrize("path", POSTED_WITH_A_MARK)
@pytest.mark.parametrize("way", ["finished here", "cookies cleared"])
def test_a_page_without_its_cookie_begins_no_second_draft(client, consultation, path, way):
    """One guard for every page that says of which draft it is."""
    ready_to_send(client)
    mark = mark_on(client.get(f"{HOME}themes/3/"))
    if way == "finished here":
        client.post(f"{HOME}come-back/finish/")
    else:
        client.cookies.clear()
    before = Draft.objects.values().get()
    answer = client.post(HOME + path, {**POSTED_WITH_A_MARK[path], "draft": mark})
    assert answer.status_code == 409
    assert Draft.objects.values().get() == before
    page = squeezed(answer)
    assert "<h1>This browser no longer opens the draft.</h1>" in page
    for typed in {"Typed after.", ANSWERS["organisation"]} & set(POSTED_WITH_A_MARK[path].values()):
        assert typed in page
    by_script = {"accept": "application/json"}
    answered = client.post(HOME + path, {**POSTED_WITH_A_MARK[path], "draft": mark}, headers=by_script)
    assert (answered.status_code, list(answered.json())) == (409, ["other"])


def test_every_form_of_a_draft_says_of_which(client, consultation):
    """So that the guard knows: each form of a page that is written on holds the draft's mark."""
    ready_to_send(client)
    mark = Draft.objects.get().mark
    for path in ("themes/3/", "about-you/", "publication/", "send/"):
        assert mark_on(client.get(HOME + path)) == mark, path
    checked = client.post(f"{HOME}offline/", {"pasted": "1. Theme 1\nx"})
    assert mark_on(checked) == mark


def test_who_has_no_link_can_begin_anew_with_what_was_typed(client, consultation):
    write(client, 3, "Of the first.")
    mark = mark_on(client.get(f"{HOME}themes/3/"))
    client.cookies.clear()
    answer = client.post(f"{HOME}themes/3/", {"text": "Typed <after>.", "version": "1", "draft": mark})
    carried = dict(re.findall(r'<input type="hidden" name="(text|version|draft)" value="([^"]*)">', squeezed(answer)))
    assert "Start a new draft with this text" in squeezed(answer)
    again = [form for form in squeezed(answer).split("<form") if "Start a new draft" in form]
    assert 'name="draft"' not in again[0]
    assert 'name="version"' not in again[0]
    assert carried["text"] == "Typed &lt;after&gt;."
    assert client.post(f"{HOME}themes/3/", {"text": "Typed <after>."}).status_code == 303
    assert set(DraftContribution.objects.values_list("text", flat=True)) == {"Of the first.", "Typed <after>."}


def test_a_browser_that_takes_no_cookies_is_told_so_and_sent_round_no_circle(consultation):
    def post(**again: str):
        client = Client(enforce_csrf_checks=True)
        return client.post(
            f"{HOME}themes/1/", {"text": "Not lost.", **again}, headers={"sec-fetch-site": "same-origin"}
        )

    first = squeezed(post())
    assert "This form has expired" in first
    name, value = re.findall(r'<input type="hidden" name="(given-back)" value="(\d)">', first)[0]
    second = post(**{name: value})
    page = squeezed(second)
    assert second.status_code == 403
    assert "Your browser does not accept cookies" in page
    assert "Not lost." in page
    assert "Send it again" not in page
    assert Draft.objects.count() == 0
