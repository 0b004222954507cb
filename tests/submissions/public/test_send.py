"""Sending, amending, withdrawing, and what the deadline does to each; over Django's client."""

import html
import re
from datetime import timedelta

import pytest

from submissions.models import DraftContribution, LateAttempt, Mail, Submission, Withdrawal
from submissions.public import send as public_send
from tests.factories import ARABIC, ENGLISH, make_consultation, move_cutoff_behind_now
from tests.visitor import ANSWERS, HOME, ready_to_send, write
from themes.intake import database_now
from themes.models import Consultation

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_consents_that_tell_on_each_other_are_pointed_out(client, consultation):
    """A text with a name beside one without: who checks before sending is told what that may mean."""
    ready_to_send(client)
    warning = "Some of your texts are published with your name and others without."
    assert warning not in client.get(f"{HOME}send/").content.decode()
    client.post(f"{HOME}publication/", {"theme-1": "anonymous", "theme-5": ""})
    assert warning in client.get(f"{HOME}send/").content.decode()
    client.post(f"{HOME}publication/", {"theme-1": "none", "theme-5": ""})
    assert warning not in client.get(f"{HOME}send/").content.decode()


def test_sent_twice_is_stored_once(client, consultation):
    ready_to_send(client)
    answers = [client.post(f"{HOME}send/") for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {f"{HOME}receipt/"}
    assert (Submission.objects.count(), Mail.objects.count()) == (1, 1)


def test_without_a_text_or_answers_nothing_is_sent(client, consultation):
    write(client, 1, "x")
    response = client.post(f"{HOME}send/")
    assert (response.status_code, Submission.objects.count()) == (200, 0)
    assert "Complete “About you”: some answers are missing." in response.content.decode()


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
    """The response never arrived; the page still has its key; the draft has not changed. Also after the deadline."""
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
        patched.setattr(public_send, "note_sent", lambda *args: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError, match="killed"):
            client.post(f"{HOME}send/", {"key": key})
    assert client.post(f"{HOME}send/", {"key": key})["Location"] == f"{HOME}receipt/"
    assert Submission.objects.count() == 1


def test_a_crash_after_commit_and_a_change_before_the_retry(client, consultation, monkeypatch):
    """The retry must not pass for a sending of the changed text: both are shown."""
    ready_to_send(client)
    key = key_on(client.get(f"{HOME}send/").content.decode())
    with monkeypatch.context() as patched:
        patched.setattr(public_send, "note_sent", lambda *args: (_ for _ in ()).throw(RuntimeError("killed")))
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
    # However often the button is pressed, it is one attempt, of the first moment; another text is another.
    for _turn in range(24):
        client.post(f"{HOME}send/")
    assert LateAttempt.objects.get().arrived_at == late.arrived_at
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
    assert "The deadline has passed" in home
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
    from themes.cutoff_changes import move_cutoff

    move_cutoff(
        consultation_id=consultation.pk,
        closes_at=consultation.closes_at + timedelta(days=10),
        reason="More time for all.",
        by=None,
    )
    assert "More time for all." in client.get("/").content.decode()
