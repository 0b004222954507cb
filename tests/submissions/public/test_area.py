"""What can be written on a theme besides its text, and the save that runs while one types."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from submissions.models import Contribution, Draft, DraftContribution, Proposal, Submission
from submissions.sending.submit import TooLong
from submissions.text.canonical import sha256_of
from submissions.text.content import Content, ProposedWording
from tests.factories import move_cutoff_behind_now, send
from tests.pages import squeezed
from tests.visitor import ANSWERS, answer_about_you, link_on, proposal_rows, write
from themes.intake import database_now
from themes.models import Consultation, Theme

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/elements-paper/"


def autosave(client: Client, number: int, text: str, **fields: str):
    return client.post(f"{HOME}themes/{number}/", {"text": text, **fields}, headers={"accept": "application/json"})


# --- proposed wording ------------------------------------------------------------------------------------------


def test_rows_are_kept_sent_and_on_the_receipt(client, consultation):
    write(
        client,
        3,
        "",
        **proposal_rows(("59", "Replace “may”\r\nby “shall”.", "Clarity."), ("", "", ""), (" 7 ", "", "Delete.")),
    )
    (stored,) = DraftContribution.objects.all()
    assert stored.content.proposals == (
        ProposedWording("59", "Replace “may”\nby “shall”.", "Clarity."),
        ProposedWording("7", "", "Delete."),
    )
    assert stored.words == 6
    page = squeezed(client.get(f"{HOME}themes/3/"))
    assert '<details class="rows" id="rows" open>' in page
    assert page.count('class="row"') == 3  # two, and an empty one to go on
    answer_about_you(client)
    assert client.post(f"{HOME}send/").status_code == 303
    sent = Contribution.objects.get()
    assert sent.content == stored.content
    assert (sent.text, sent.words) == ("", 6)
    receipt = client.get(f"{HOME}receipt/").content.decode()
    assert "Replace “may”\nby “shall”." in receipt
    submission = Submission.objects.get()
    assert submission.content_sha256 == sha256_of(submission.canonical_text)
    assert b'"proposals":[{"paragraph":"59","reason":"Clarity.","wording":"Replace' in submission.canonical_text


def test_add_a_row_comes_back_to_the_rows(client, consultation):
    response = write(client, 3, "x", **proposal_rows(("1", "a", "b")), **{"add-row": ""})
    assert response["Location"] == f"{HOME}themes/3/?row#rows"
    page = squeezed(client.get(f"{HOME}themes/4/?row"))
    assert '<details class="rows" id="rows" open>' in page


def test_a_row_that_cannot_be_kept_comes_back_whole(client, consultation):
    response = write(client, 3, "Text.", **proposal_rows(("x" * 41, "Wording.", "")))
    page = response.content.decode()
    assert response.status_code == 200
    assert "40 characters at most" in page
    assert "x" * 41 in page
    assert "Wording." in page
    assert "Text." in page
    assert Draft.objects.count() == 0


def test_wording_for_no_paragraph_is_named_and_kept(client, consultation):
    rows = proposal_rows(("", "Shall be free.", ""), ("12", "Shall be open.", ""))
    write(client, 1, "", stay="", **rows)
    page = squeezed(client.get("/elements-paper/themes/1/"))
    assert page.count("Which paragraph is this wording for?") == 1
    check = squeezed(client.get("/elements-paper/send/"))
    assert '<a href="/elements-paper/themes/1/?row#rows">' in check
    write(client, 1, "", **proposal_rows(("11", "Shall be free.", ""), ("12", "Shall be open.", "")))
    assert "Which paragraph is this wording for?" not in client.get("/elements-paper/themes/1/").content.decode()
    assert "names no paragraph" not in client.get("/elements-paper/send/").content.decode()


def test_the_field_is_named_after_its_area(client, consultation):
    label = '<label for="id_text">Your input<span class="for-ears"> – Theme 3</span></label>'
    assert label in squeezed(client.get("/elements-paper/themes/3/"))


def test_save_stays_on_the_page(client, consultation):
    response = write(client, 3, "So far.", stay="")
    assert (response.status_code, response["Location"]) == (303, "/elements-paper/themes/3/")
    assert "So far." in client.get("/elements-paper/themes/3/").content.decode()


def test_a_page_without_the_rows_part_leaves_them(client, consultation):
    write(client, 3, "x", **proposal_rows(("1", "a", "b")))
    write(client, 3, "y")
    assert DraftContribution.objects.get().content == Content("y", (ProposedWording("1", "a", "b"),))


# --- the limit -------------------------------------------------------------------------------------------------


def test_too_long_is_kept_and_named_and_not_sent(client, consultation):
    Theme.objects.filter(number=2).update(word_limit=3)
    write(client, 2, "one two three four")
    answer_about_you(client)
    assert DraftContribution.objects.get().text == "one two three four"
    assert "Too long: 4 of 3 words" in client.get(HOME).content.decode()
    assert "4 of 3 words: 1 too many." in client.get(f"{HOME}themes/2/").content.decode()
    page = client.post(f"{HOME}send/").content.decode()
    assert "Shorten “2. Theme 2”: it has 4 words, and 3 can be sent." in page
    assert "Send the submission" not in page
    assert Submission.objects.count() == 0
    with pytest.raises(TooLong):
        send(consultation, {2: "one two three four"})
    write(client, 2, "one two three")
    assert client.post(f"{HOME}send/").status_code == 303


def test_at_the_limit_of_the_consultation(client, consultation):
    Consultation.objects.update(word_limit=5)
    assert send(consultation, {1: "a b c d e"}).is_new
    with pytest.raises(TooLong):
        send(consultation, {1: "a b c d e f"})


# --- left out, and the list ------------------------------------------------------------------------------------


def test_left_out_on_purpose_is_kept_and_not_sent(client, consultation):
    write(client, 1, "To be sent.")
    write(client, 2, "Not to be sent.", **{"leave-out": ""})
    write(client, 3, "", **{"leave-out": ""})
    page = client.get(HOME).content.decode()
    assert page.count("Left out on purpose") == 2
    assert "Not to be sent." in client.get(f"{HOME}themes/2/").content.decode()
    answer_about_you(client)
    checked = client.get(f"{HOME}send/").content.decode()
    assert "Left out on purpose:" in checked
    assert "Not to be sent." not in checked
    client.post(f"{HOME}send/")
    assert list(Contribution.objects.values_list("text", flat=True)) == ["To be sent."]
    write(client, 2, "Not to be sent.")
    assert [row.is_left_out for row in DraftContribution.objects.order_by("theme__number")] == [False, False, True]


def test_writing_on_an_area_that_was_left_out_puts_it_in_again(client, consultation):
    write(client, 2, "x", **{"leave-out": ""})
    autosave(client, 2, "x", version="1")
    assert DraftContribution.objects.get().is_left_out is True
    autosave(client, 2, "y", version="1")
    assert DraftContribution.objects.get().is_left_out is False


def test_an_untouched_area_can_be_left_out_and_one_goes_on(client, consultation):
    answer = write(client, 2, "", **{"leave-out": ""})
    assert answer["Location"] == f"{HOME}themes/3/"
    assert "Left out on purpose" in client.get(HOME).content.decode()


def test_every_page_says_the_same_of_an_area(client, consultation):
    """Nothing, draft, sent, changed since, left out with a text: on the list, before sending and on the whole draft."""
    write(client, 1, "one two")
    write(client, 2, "three")
    write(client, 3, "four", **{"leave-out": ""})
    answer_about_you(client)
    pages = ("", "send/", "draft/")

    def states(path: str) -> list[str]:
        return re.findall(r'<span class="area-state[^>]*>([^<]+)</span>', squeezed(client.get(HOME + path)))

    for path in pages:
        assert {"Draft · 2 words", "Draft · 1 word"} <= {state.strip() for state in states(path)}, path
    assert "Left out on purpose · 1 word" in {state.strip() for state in states("")}
    client.post(f"{HOME}send/")
    write(client, 2, "three more", version="1")
    for path in pages:
        assert {"Sent · 2 words", "Changed since sent · 2 words"} <= {state.strip() for state in states(path)}, path


def test_the_list_says_how_far_each_step_is(client, consultation):
    write(client, 1, "one two")
    page = client.get(HOME).content.decode()
    assert "Draft · 2 words" in page
    assert "Not sent yet" in page
    client.post(f"{HOME}about-you/", {"contact_name": "Amina"})
    assert "Begun" in client.get(HOME).content.decode()
    answer_about_you(client)
    assert "Complete" in client.get(HOME).content.decode()
    client.post(f"{HOME}send/")
    assert "Sent · 2 words" in client.get(HOME).content.decode()


# --- publication, area by area ---------------------------------------------------------------------------------


def test_consent_for_one_area(client, consultation):
    write(client, 1, "With my name.")
    write(client, 2, "Without.")
    write(client, 3, "Not at all.")
    answer_about_you(client)
    page = client.get(f"{HOME}publication/").content.decode()
    assert "As the whole submission: With my name or my organisation’s" in page
    client.post(f"{HOME}publication/", {"theme-1": "", "theme-2": "anonymous", "theme-3": "none"})
    checked = client.get(f"{HOME}send/").content.decode()
    assert checked.count("Published with the name of Réseau des bibliothèques") == 1
    assert checked.count("Published without the author’s name") == 1
    assert checked.count("Not published: read by the secretariat") == 1
    client.post(f"{HOME}send/")
    assert [row.consent for row in Contribution.objects.order_by("theme__number")] == ["named", "anonymous", "none"]
    # A change of consent alone is a change, and is sent as a new version.
    client.post(f"{HOME}publication/", {"theme-1": "none", "theme-2": "anonymous", "theme-3": "none"})
    client.post(f"{HOME}send/")
    assert Submission.objects.count() == 2
    # Writing on the area again leaves it.
    write(client, 2, "Still without.")
    assert DraftContribution.objects.get(theme__number=2).own_consent == "anonymous"
    assert client.post(f"{HOME}publication/", {"theme-1": "everywhere"}).status_code == 200


# --- saving while one types ------------------------------------------------------------------------------------


def test_the_first_save_makes_the_draft(client, consultation):
    response = autosave(client, 1, "one two", version="0")
    assert response.status_code == 200
    value = response.json()
    assert (value["version"], value["words"], value["is_open"]) == (1, 2, True)
    assert datetime.fromisoformat(value["saved_at"]).tzinfo is not None
    assert f"draft-{consultation.pk}" in response.cookies
    assert autosave(client, 1, "one two three", version="1").json()["version"] == 2
    # The same again is no new version.
    assert autosave(client, 1, "one two three", version="2").json()["version"] == 2
    assert Draft.objects.count() == 1


def test_an_empty_page_makes_no_draft(client, consultation):
    assert autosave(client, 1, " ", version="0").json()["version"] == 0
    assert Draft.objects.count() == 0


def test_a_colleagues_newer_text_is_not_saved_over(client, consultation):
    autosave(client, 1, "mine", version="0")
    colleague = Client()
    colleague.post(f"{HOME}come-back/", {"link": link_on(client)})
    assert autosave(colleague, 1, "theirs", version="1").status_code == 200
    outdated = autosave(client, 1, "mine again", version="1")
    assert (outdated.status_code, outdated.json()) == (409, {"is_conflict": True})
    page = write(client, 1, "mine again", version="1")
    assert page.status_code == 409
    assert "theirs" in page.content.decode()
    assert "mine again" in page.content.decode()
    assert DraftContribution.objects.get().text == "theirs"
    assert write(client, 1, "both", version="2").status_code == 303


def test_rows_saved_by_a_colleague_are_a_newer_version_too(client, consultation):
    write(client, 1, "x", version="0", **proposal_rows(("1", "a", "")))
    write(client, 1, "x", version="1", **proposal_rows(("1", "a", ""), ("2", "b", "")))
    page = write(client, 1, "x", version="1", **proposal_rows(("1", "changed", "")))
    assert page.status_code == 409
    assert "changed" in page.content.decode()
    assert '<dd class="as-typed" dir="auto">b</dd>' in page.content.decode()


def test_too_late_and_too_long_are_told(client, consultation):
    assert autosave(client, 1, "x" * 100_001, version="0").status_code == 422
    autosave(client, 1, "x", version="0")
    move_cutoff_behind_now(consultation)
    late = autosave(client, 1, "written late", version="1")
    assert (late.status_code, late.json()["is_open"]) == (409, False)
    assert DraftContribution.objects.get().text == "written late"


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 40, "²"])
def test_a_version_that_is_none_saves_knowingly(client, consultation, version):
    write(client, 1, "first")
    assert write(client, 1, "second", version=version).status_code == 303
    assert DraftContribution.objects.get().text == "second"


def test_answers_of_a_colleague_are_not_saved_over(client, consultation):
    write(client, 1, "x")
    client.post(f"{HOME}about-you/", {**ANSWERS, "version": "0"})
    old = client.post(f"{HOME}about-you/", {**ANSWERS, "contact_name": "Somebody Else", "version": "0"})
    page = old.content.decode()
    assert old.status_code == 409
    assert ANSWERS["contact_name"] in page
    assert "Somebody Else" in page
    assert Draft.objects.get().contact_name == ANSWERS["contact_name"]
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    again = client.post(f"{HOME}about-you/", {**ANSWERS, "contact_name": "Somebody Else", "version": version})
    assert again.status_code == 303
    assert Draft.objects.get().contact_name == "Somebody Else"


# --- general questions -----------------------------------------------------------------------------------------


def test_a_general_question_is_answered_beside_the_areas(client, seeded):
    Consultation.objects.update(
        opens_at=database_now() - timedelta(days=1), closes_at=database_now() + timedelta(days=1)
    )
    page = client.get(HOME).content.decode()
    assert page.index("General questions") > page.index("Follow-up and review")
    asked = client.get(f"{HOME}themes/101/").content.decode()
    assert "question Q1" in asked
    assert "Which achievements" in asked
    write(client, 101, "The IGF.")
    answer_about_you(client)
    client.post(f"{HOME}send/")
    assert str(Contribution.objects.get().theme) == "Q1. Achievements of the WSIS process"
    assert Proposal.objects.count() == 0
