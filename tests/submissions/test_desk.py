"""The public pages, over Django's client: what each answers, keeps and refuses."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from submissions.drafts import desk
from submissions.drafts.models import Draft, DraftContribution
from submissions.models import LateAttempt, Mail, Submission, Withdrawal
from tests.conftest import ARABIC, ENGLISH, make_consultation, make_respondent, move_cutoff_behind_now, theme
from themes.cutoff import database_now
from themes.models import Consultation

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = "submitting_as organisation stakeholder_group country contact_name email consent language"
ANSWERS = {name: getattr(make_respondent(), name) for name in ASKED.split()} | {"has_accepted_privacy": "on"}
HOME = "/elements-paper/"


def write(client, number, text, **extra):
    return client.post(f"{HOME}themes/{number}/", {"text": text, **extra})


def ready_to_send(client):
    write(client, 1, ENGLISH)
    write(client, 5, ARABIC)
    client.post(f"{HOME}about-you/", ANSWERS)


# --- reading ------------------------------------------------------------------------------------------------


def test_home_at_both_addresses(client, consultation):
    at_once = [
        re.sub(
            rb'data-now="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"|name="next" value="[^"]+"',
            b"",
            client.get(path).content,
        )
        for path in ("/", HOME)
    ]
    assert at_once[0] == at_once[1]
    page = client.get("/").content.decode()
    assert "Closes at" in page
    assert "New York" in page
    assert "UTC" in page
    assert page.count("Nothing yet") == 16  # fifteen areas, and who is writing


def test_home_costs_the_same_with_every_theme_written(client, consultation, django_assert_num_queries):
    write(client, 1, "one")
    with django_assert_num_queries(8):
        client.get("/")
    for number in range(2, 16):
        write(client, number, "more")
    with django_assert_num_queries(8):
        client.get("/")


def test_with_two_open_the_visitor_chooses_and_with_one_does_not(client, consultation):
    now = database_now()
    make_consultation(slug="zero-draft", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    page = client.get("/").content.decode()
    assert 'href="/elements-paper/"' in page
    assert 'href="/zero-draft/"' in page
    Consultation.objects.filter(slug="zero-draft").update(closes_at=now)
    assert "Start writing" in client.get("/").content.decode()


def test_no_consultation_is_a_page_too(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "No consultation is announced" in response.content.decode()


def test_area_eight_asks_nothing(client, consultation):
    assert "blockquote" in client.get(f"{HOME}themes/7/").content.decode()
    assert "blockquote" not in client.get(f"{HOME}themes/8/").content.decode()


def test_addresses_that_are_none(client, consultation):
    codes = [client.get(path).status_code for path in ("/nowhere/", f"{HOME}themes/0/", f"{HOME}themes/16/")]
    assert codes == [404, 404, 404]


# --- writing ------------------------------------------------------------------------------------------------


def test_the_first_save_makes_a_private_draft(client, consultation):
    response = write(client, 1, ENGLISH)
    assert (response.status_code, response["Location"]) == (303, f"{HOME}themes/2/")
    cookie = client.cookies[f"draft-{consultation.pk}"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    draft = Draft.objects.get()
    assert len(cookie.value) >= 43  # 32 random bytes
    assert cookie.value not in draft.key_hash
    assert list(draft.contributions.values_list("theme__number", "text", "words")) == [(1, ENGLISH, 17)]
    assert ENGLISH.splitlines()[0] in client.get(f"{HOME}themes/1/").content.decode()


def test_somebody_else_sees_nothing_of_it(client, consultation):
    write(client, 1, "A secret sentence.")
    other = Client()
    other.cookies[f"draft-{consultation.pk}"] = "guessed"
    for path in ("/", f"{HOME}themes/1/", f"{HOME}send/", f"{HOME}about-you/"):
        assert "A secret sentence." not in other.get(path).content.decode()
    assert other.get(f"{HOME}receipt/").status_code == 302


def test_reading_makes_no_draft_and_nothing_empty_does(client, consultation):
    for path in ("/", f"{HOME}themes/1/", f"{HOME}about-you/", f"{HOME}send/"):
        client.get(path)
    assert write(client, 1, "  \n").status_code == 303
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("number", "button", "location"),
    [
        (1, "go-on", f"{HOME}themes/2/"),
        (15, "go-on", f"{HOME}about-you/"),
        (3, "to-list", f"{HOME}#area-3"),
        (3, "to-previous", f"{HOME}themes/2/"),
    ],
)
def test_the_button_says_where_it_goes(client, consultation, number, button, location):
    assert write(client, number, "x", **{button: ""})["Location"] == location


def test_a_text_can_be_changed_and_taken_back(client, consultation):
    write(client, 1, "first")
    write(client, 1, "second\r\nline")
    assert list(DraftContribution.objects.values_list("text", flat=True)) == ["second\nline"]
    write(client, 1, "")
    assert "Write on at least one area." in client.get(f"{HOME}send/").content.decode()


@pytest.mark.parametrize(
    ("text", "message"),
    [("x" * 200_001, "200001 characters, and 200000 are the most"), ("a\x00b", "Null characters are not allowed")],
)
def test_what_cannot_be_stored_comes_back_whole(client, consultation, text, message):
    response = write(client, 1, text)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert text in page
    assert "maxlength" not in page
    assert Draft.objects.count() == 0


# --- who is writing ------------------------------------------------------------------------------------------


def test_missing_answers_are_named_and_right_ones_kept(client, consultation):
    write(client, 1, "x")
    response = client.post(
        f"{HOME}about-you/", {**ANSWERS, "email": "nobody", "submitting_as": "coalition", "organisation": " "}
    )
    page = response.content.decode()
    assert "2 answers need you" in page
    assert 'href="#id_email"' in page
    assert 'href="#id_organisation"' in page
    assert 'value="nobody"' in page
    draft = Draft.objects.get()
    assert (draft.contact_name, draft.email, draft.country) == ("Amina Otieno", "", "KE")
    assert client.post(f"{HOME}about-you/", ANSWERS)["Location"] == f"{HOME}send/"


def test_the_language_is_guessed_from_the_script(client, consultation):
    write(client, 1, ARABIC)
    assert '<option value="ar" selected>' in client.get(f"{HOME}about-you/").content.decode()


def test_every_described_field_has_its_description(client, consultation):
    page = client.post(f"{HOME}about-you/", {}).content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    described = {name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()}
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert described
    assert described - ids == set()
    assert labelled - ids == set()
    assert targets - ids - {"themes"} == set()


# --- sending -------------------------------------------------------------------------------------------------


def test_sent_and_received(client, consultation):
    ready_to_send(client)
    page = client.get(f"{HOME}send/").content.decode()
    assert "Send the submission" in page
    response = client.post(f"{HOME}send/")
    assert (response.status_code, response["Location"]) == (303, f"{HOME}receipt/")
    submission = Submission.objects.get()
    receipt = client.get(f"{HOME}receipt/").content.decode()
    assert submission.reference in receipt
    assert submission.content_sha256 in receipt
    assert f"{submission.received_at:%H:%M:%S} UTC" in receipt
    assert ARABIC in receipt
    assert {c.theme.number: c.text for c in submission.contributions.all()} == {1: ENGLISH, 5: ARABIC}
    assert Mail.objects.count() == 1


def test_sent_twice_is_stored_once(client, consultation):
    ready_to_send(client)
    answers = [client.post(f"{HOME}send/") for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {f"{HOME}receipt/"}
    assert (Submission.objects.count(), Mail.objects.count()) == (1, 1)


def test_without_a_text_or_answers_nothing_is_sent(client, consultation):
    write(client, 1, "x")
    response = client.post(f"{HOME}send/")
    assert (response.status_code, Submission.objects.count()) == (200, 0)
    assert "Say who you are: some answers are missing." in response.content.decode()


def key_on(page: str) -> str:
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    return key


def test_amending_until_the_cutoff(client, consultation):
    ready_to_send(client)
    client.post(f"{HOME}send/", {"key": key_on(client.get(f"{HOME}send/").content.decode())})
    assert client.get(f"{HOME}send/")["Location"] == f"{HOME}receipt/"  # nothing has changed
    write(client, 2, "An afterthought.")
    assert "Changed since you sent version 1" in client.get("/").content.decode()
    page = client.get(f"{HOME}send/").content.decode()
    assert "This replaces version 1" in page
    assert client.post(f"{HOME}send/", {"key": key_on(page)}).status_code == 303
    versions = Submission.objects.order_by("version")
    assert [(s.version, s.contributions.count()) for s in versions] == [(1, 2), (2, 3)]
    assert len({s.reference for s in versions}) == 1
    receipt = client.get(f"{HOME}receipt/").content.decode()
    assert "replaces version 1" in receipt
    assert "An afterthought." in receipt


def test_a_lost_answer_and_the_same_button_again(client, consultation):
    """The response never arrived; the page still has its key; the desk has not changed. Also after the cutoff."""
    ready_to_send(client)
    key = key_on(client.get(f"{HOME}send/").content.decode())
    client.post(f"{HOME}send/", {"key": key})
    move_cutoff_behind_now(consultation)
    assert client.post(f"{HOME}send/", {"key": key})["Location"] == f"{HOME}receipt/"
    assert (Submission.objects.count(), LateAttempt.objects.count()) == (1, 0)


def test_a_crash_after_commit_is_healed_by_the_key(client, consultation, monkeypatch):
    """The sending is stored, and the server dies before it can remember so."""
    ready_to_send(client)
    key = key_on(client.get(f"{HOME}send/").content.decode())
    with monkeypatch.context() as patched:
        patched.setattr(desk, "note_sent", lambda *args: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError, match="killed"):
            client.post(f"{HOME}send/", {"key": key})
    assert client.post(f"{HOME}send/", {"key": key})["Location"] == f"{HOME}receipt/"
    assert Submission.objects.count() == 1


def test_a_crash_after_commit_and_a_change_before_the_retry(client, consultation, monkeypatch):
    """The retry must not pass for a sending of the changed text: both are shown."""
    ready_to_send(client)
    key = key_on(client.get(f"{HOME}send/").content.decode())
    with monkeypatch.context() as patched:
        patched.setattr(desk, "note_sent", lambda *args: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError, match="killed"):
            client.post(f"{HOME}send/", {"key": key})
    write(client, 1, "Changed before the retry.")
    response = client.post(f"{HOME}send/", {"key": key})
    assert response.status_code == 409
    assert "Changed before the retry." in response.content.decode()
    assert Submission.objects.count() == 1


def test_the_same_key_with_other_content_shows_both(client, consultation):
    ready_to_send(client)
    key = key_on(client.get(f"{HOME}send/").content.decode())
    client.post(f"{HOME}send/", {"key": key})
    write(client, 1, "Changed in another tab.")
    response = client.post(f"{HOME}send/", {"key": key})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Changed in another tab." in page
    assert html.escape(ENGLISH.splitlines()[0]) in page
    assert Submission.objects.count() == 1
    assert client.post(f"{HOME}send/", {"key": key_on(page)}).status_code == 303
    assert [s.version for s in Submission.objects.order_by("version")] == [1, 2]


def test_withdrawing_asks_twice(client, consultation):
    ready_to_send(client)
    client.post(f"{HOME}send/")
    assert "Withdraw the submission?" in client.get(f"{HOME}withdraw/").content.decode()
    assert Withdrawal.objects.count() == 0
    assert client.post(f"{HOME}withdraw/")["Location"] == f"{HOME}receipt/"
    assert Withdrawal.objects.count() == 1
    assert "You have withdrawn your submission." in client.get(f"{HOME}receipt/").content.decode()
    assert client.post(f"{HOME}withdraw/").status_code == 303
    write(client, 2, "More.")
    assert client.post(f"{HOME}send/")["Location"] == f"{HOME}receipt/"
    assert Submission.objects.count() == 1


def test_after_the_cutoff_nothing_is_withdrawn(client, consultation):
    ready_to_send(client)
    client.post(f"{HOME}send/")
    move_cutoff_behind_now(consultation)
    assert client.post(f"{HOME}withdraw/").status_code == 409
    assert Withdrawal.objects.count() == 0


def test_put_away_and_start_anew(client, consultation):
    ready_to_send(client)
    client.post(f"{HOME}another/")
    assert client.cookies[f"draft-{consultation.pk}"].value  # nothing sent, nothing put away
    client.post(f"{HOME}send/")
    assert client.post(f"{HOME}another/").status_code == 303
    assert client.cookies[f"draft-{consultation.pk}"].value == ""
    ready_to_send(client)
    client.post(f"{HOME}send/")
    assert Submission.objects.count() == 2


# --- the deadline ---------------------------------------------------------------------------------------------


def test_too_late_keeps_and_shows_every_word(client, consultation):
    ready_to_send(client)
    move_cutoff_behind_now(consultation)
    response = client.post(f"{HOME}send/")
    page = response.content.decode()
    assert response.status_code == 409
    assert ARABIC in page
    assert "Nothing you wrote is lost." in page
    assert "New York time" in page
    assert "UTC" in page
    assert Submission.objects.count() == 0
    late = LateAttempt.objects.get()
    assert late.byte_count == len(f"{ENGLISH}\n\n{ARABIC}".encode())
    # Extended, it goes with one click.
    Consultation.objects.update(closes_at=database_now() + timedelta(days=1))
    assert client.post(f"{HOME}send/").status_code == 303
    assert Submission.objects.count() == 1


def test_a_page_opened_in_time_and_saved_too_late(client, consultation):
    client.get(f"{HOME}themes/3/")
    move_cutoff_behind_now(consultation)
    response = write(client, 3, "Typed past the cutoff.")
    assert response.status_code == 409
    assert "Typed past the cutoff." in response.content.decode()
    assert DraftContribution.objects.get().text == "Typed past the cutoff."


def test_after_the_cutoff_the_pages_say_so(client, consultation):
    write(client, 1, "Kept.")
    move_cutoff_behind_now(consultation)
    home = client.get("/").content.decode()
    assert "Input is no longer taken" in home
    assert "Start writing" not in home
    page = client.get(f"{HOME}themes/1/").content.decode()
    assert "<textarea" not in page
    assert "Kept." in page
    assert client.get(f"{HOME}send/").status_code == 200
    assert client.post(f"{HOME}about-you/", ANSWERS).status_code == 409


def test_a_receipt_stays_after_the_cutoff(client, consultation):
    ready_to_send(client)
    client.post(f"{HOME}send/")
    move_cutoff_behind_now(consultation)
    assert client.post(f"{HOME}send/")["Location"] == f"{HOME}receipt/"
    assert Submission.objects.get().reference in client.get(f"{HOME}receipt/").content.decode()


def test_before_the_opening(client, db):
    now = database_now()
    make_consultation(opens_at=now + timedelta(hours=5), closes_at=now + timedelta(days=9))
    assert "Opens in 4 hours, 59 minutes" in client.get("/").content.decode()
    assert "<textarea" not in client.get(f"{HOME}themes/1/").content.decode()
    response = write(client, 1, "Early.")
    assert response.status_code == 409
    assert "Early." in response.content.decode()


def test_the_database_decides_and_not_this_machines_clock(client, consultation, monkeypatch):
    """The web host is a day behind and thinks intake is open; PostgreSQL knows better."""
    import time_machine

    ready_to_send(client)
    move_cutoff_behind_now(consultation)
    with time_machine.travel(database_now() - timedelta(hours=12), tick=True):
        assert "<textarea" in client.get(f"{HOME}themes/1/").content.decode()
        response = client.post(f"{HOME}send/")
    assert (response.status_code, Submission.objects.count()) == (409, 0)


def test_extensions_are_public(client, consultation):
    from themes.cutoff import move_cutoff

    move_cutoff(
        consultation_id=consultation.pk,
        closes_at=consultation.closes_at + timedelta(days=10),
        reason="More time for all.",
        by=None,
    )
    assert "More time for all." in client.get("/").content.decode()


# --- forms and cookies ----------------------------------------------------------------------------------------


def test_a_form_without_its_cookie_gives_the_text_back(consultation):
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"{HOME}themes/1/", {"text": "Not lost.", "to-list": ""})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Not lost.</textarea>" in page
    # It goes with one click: the page is a form with everything in it and a token of its own.
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    again = client.post(f"{HOME}themes/1/", {"text": "Not lost.", "to-list": "", "csrfmiddlewaretoken": token})
    assert (again.status_code, again["Location"]) == (303, f"{HOME}#area-1")
    assert DraftContribution.objects.get().text == "Not lost."


def test_nothing_changes_on_get(client, consultation):
    ready_to_send(client)
    before = list(Draft.objects.values()), list(DraftContribution.objects.order_by("pk").values())
    for path in ("/", HOME, f"{HOME}themes/1/", f"{HOME}about-you/", f"{HOME}send/", f"{HOME}receipt/"):
        client.get(path)
    assert client.get(f"{HOME}another/").status_code == 405
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
    text = "y" * 200_001
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
