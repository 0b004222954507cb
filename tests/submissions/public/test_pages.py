"""The public pages, over Django's client: what is read, what is written, who writes."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from submissions.models import Draft, DraftContribution
from tests.factories import ARABIC, ENGLISH, make_consultation
from tests.pages import squeezed
from tests.visitor import ANSWERS, HOME, write
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation
from themes.templatetags.deadline import deadline_news

pytestmark = pytest.mark.django_db(transaction=True)


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
    with django_assert_num_queries(3):
        client.get("/")
    for number in range(2, 16):
        write(client, number, "more")
    with django_assert_num_queries(3):
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


def test_the_first_save_makes_a_private_draft(client, consultation):
    response = write(client, 1, ENGLISH)
    assert (response.status_code, response["Location"]) == (303, f"{HOME}themes/2/")
    cookie = client.cookies[f"draft-{consultation.pk}"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    draft = Draft.objects.get()
    assert len(cookie.value) >= 43  # 32 random bytes
    assert cookie.value not in draft.key_hash
    assert list(draft.contributions.values_list("theme__number", "text", "words")) == [(1, ENGLISH, 15)]
    assert ENGLISH.splitlines()[0] in client.get(f"{HOME}themes/1/").content.decode()


def test_a_cookie_that_a_neighbour_planted_opens_nothing(client, consultation, settings):
    """Over HTTPS a draft's key is taken from a cookie that only this very host can have set."""
    settings.IS_HTTPS, settings.COOKIE_PREFIX = True, "__Host-"
    write(client, 1, "A secret sentence.")
    name = f"__Host-draft-{consultation.pk}"
    cookie = client.cookies[name]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    victim = Client()
    victim.cookies[f"draft-{consultation.pk}"] = cookie.value
    assert "A secret sentence." not in victim.get(f"{HOME}themes/1/").content.decode()
    victim.cookies[name] = cookie.value
    assert "A secret sentence." in victim.get(f"{HOME}themes/1/").content.decode()


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
    [
        ("x" * 100_001, "100001 characters; the limit is 100000"),
        ("a\x00b", "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_stored_comes_back_whole(client, consultation, text, message):
    response = write(client, 1, text)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert text in page
    assert "maxlength" not in page
    assert Draft.objects.count() == 0


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


def test_a_change_of_the_deadline_is_news_for_a_fortnight(client, consultation):
    """Above everything else on the home page; afterwards in the card alone, which tells a time to the second."""
    Consultation.objects.update(closes_at=consultation.closes_at.replace(second=7))
    consultation.refresh_from_db()
    assert b"The deadline was changed." not in client.get(HOME).content
    later = consultation.closes_at + timedelta(days=3)
    change = cutoff_changes.move_cutoff(consultation_id=consultation.pk, closes_at=later, reason="More time.", by=None)
    page = squeezed(client.get(HOME))
    assert page.count("The deadline was changed.") == 1
    assert page.count("More time.") == 2
    assert re.search(r"moved from \d\d:\d\d on [^.]+ to \d\d:\d\d on ", page)
    last = change.announced_at + timedelta(days=14)
    news = [deadline_news(consultation, at) for at in (last, last + timedelta(microseconds=1))]
    assert [bool(one) for one in news] == [True, False]
