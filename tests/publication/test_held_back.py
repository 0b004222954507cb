"""What is held back after it was published is gone in the same transaction, and what is not any more returns."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from publication import acts, sweep
from publication.models import Publication, PublicFigures, PublishedText
from submissions.models import Redaction
from submissions.review.redaction import BAR, decide_publication, redact
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content
from tests.factories import FIRST, reopen, send, theme
from tests.publication.publishing import ask, close, hold_back_review, people, publish, send_anonymous, shown
from tests.roles import owner_connection
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def hold_back_redaction(consultation, sent):
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="A private person", by=people()[0])


def hold_back_decision(consultation, sent):
    decide_publication(sent, theme(consultation, 1), "withheld", reason="x", by=people()[0])


def hold_back_erasure(consultation, sent):
    with owner_connection() as owner:
        owner.execute("SELECT submissions_erase(ARRAY[%s]::text[], 'texts', 'request')", [sent.reference])


def hold_back_publication(consultation, sent):
    acts.withdraw(Publication.objects.get().pk, by=people()[0], reason="A mistake")


# Each way to hold something back, and what the worker shows afterwards.
WAYS = {
    hold_back_redaction: [FIRST.text.replace("Li Wei", BAR), "Another."],
    hold_back_decision: ["Another."],
    hold_back_review: [],
    hold_back_erasure: [],
    hold_back_publication: [],
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_is_held_back_is_gone_in_the_same_transaction(consultation, way):
    sent = send(consultation, {1: FIRST, 2: "Another."}).submission
    publish(consultation)
    assert [text for _name, text in shown()] == [FIRST.text, "Another."]
    way(consultation, sent)
    assert FIRST.text not in [text for _name, text in shown()]
    sweep.keep_up()
    assert [text for _name, text in shown()] == WAYS[way]
    assert PublishedText.objects.filter(is_due=True).count() == 0
    stored = " ".join(
        map(
            str,
            [*PublishedText.objects.values_list("text", "search_words"), *PublishedText.objects.values_list("words")],
        )
    )
    assert "Li Wei" not in stored
    assert "'li':" not in stored


def test_what_is_no_longer_held_back_returns_under_the_same_address(consultation):
    sent = send(consultation, {1: FIRST}).submission
    publish(consultation)
    address = PublishedText.objects.get().public_id
    hold_back_decision(consultation, sent)
    sweep.keep_up()
    assert (shown(), PublishedText.objects.get().removed_at is None) == ([], False)
    decide_publication(sent, theme(consultation, 1), "", reason="", by=people()[0])
    sweep.keep_up()
    row = PublishedText.objects.get()
    assert (row.public_id, row.text, row.removed_at) == (address, FIRST.text, None)
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="x", by=people()[0])
    Redaction.objects.all().delete()
    assert shown() == []
    sweep.keep_up()
    assert [text for _name, text in shown()] == [FIRST.text]


def test_a_withdrawal_and_a_later_version_take_it_off(consultation, reopened):
    first, second = (send(consultation, {1: text}).submission for text in ("a", "b"))
    publish(consultation)
    reopened(consultation)
    withdraw(first)
    send(consultation, {1: "Newer words."}, amends=second.reference)
    assert shown() == []
    sweep.keep_up()
    assert shown() == []
    consultation.refresh_from_db()
    publish(consultation)
    # What was sent since is in a publication of its own, under another address.
    assert [text for _name, text in shown()] == ["Newer words."]
    assert PublishedText.objects.count() == 3
    assert PublicFigures.objects.get().sums["withdrawn"] == 1


def test_a_bar_that_is_not_committed_yet_is_waited_for(consultation):
    """Somebody blacks out a passage in a transaction that began before the text was confirmed: the worker, who reads
    what is blacked out, must not read it before that one has ended."""
    sent = send(consultation, {1: FIRST}).submission
    asked = ask(close(consultation))
    with owner_connection() as other:
        other.execute("BEGIN")
        other.execute(
            "INSERT INTO submissions_redaction (reference, theme_id, passage, reason) VALUES (%s, %s, 'Li Wei', 'x')",
            [sent.reference, theme(consultation, 1).pk],
        )
        acts.confirm(asked.pk, by=people()[1], seen=asked.content_sha256)
        sweep.keep_up()
        assert shown() == []
        done = threading.Thread(target=sweep_in_a_thread)
        done.start()
        other.execute("COMMIT")
        done.join()
    sweep.keep_up()
    assert shown() == [("Réseau des bibliothèques", FIRST.text.replace("Li Wei", BAR))]


def sweep_in_a_thread() -> None:
    sweep.keep_up()
    connection.close()


def test_a_text_that_is_cleared_stays_where_it_is(consultation):
    sent = send(consultation, {1: FIRST}).submission
    publish(consultation)
    decide_publication(sent, theme(consultation, 1), "cleared", reason="", by=people()[0])
    assert [text for _name, text in shown()] == [FIRST.text]
    # Where that is what it is public for, it goes when it is not cleared any more.
    other = send_after_closing(consultation)
    assert {text for _name, text in shown()} == {FIRST.text, "Cleared."}
    decide_publication(other, theme(consultation, 1), "", reason="", by=people()[0])
    sweep.keep_up()
    assert [text for _name, text in shown()] == [FIRST.text]
    # Cleared again, it is there again.
    decide_publication(other, theme(consultation, 1), "cleared", reason="", by=people()[0])
    sweep.keep_up()
    assert {text for _name, text in shown()} == {FIRST.text, "Cleared."}


def test_what_its_author_had_erased_goes_without_a_trace(consultation):
    """Neither a sentence that says so nor a date: what goes at once would be one person's."""
    send_anonymous(consultation)
    sent = send(consultation, {1: FIRST, 2: "Other words."}, consent="anonymous").submission
    publish(consultation)
    hold_back_erasure(consultation, sent)
    sweep.keep_up()
    assert [text for _name, text in shown()] == [f"Said by nobody {n}." for n in range(5)]
    assert set(PublishedText.objects.filter(reference=sent.reference).values_list("text", flat=True)) == {""}


def test_an_address_that_is_corrected_moves_nothing(consultation):
    """Else all texts of one person would go and come back in one moment, those without a name among them."""
    send_anonymous(consultation)
    sent = send(consultation, {1: "Named.", 2: Content("Unnamed.", (), "anonymous")}).submission
    publish(consultation)
    with owner_connection() as owner:
        owner.execute("SELECT submissions_erase(ARRAY[%s]::text[], 'contacts', 'period')", [sent.reference])
        assert len(shown()) == 7
        # Who it is from stands with the named ones alone.
        owner.execute("ALTER TABLE submissions_commitment DISABLE TRIGGER USER")
        owner.execute("ALTER TABLE submissions_submission DISABLE TRIGGER submission_is_final")
        owner.execute("UPDATE submissions_submission SET organisation = 'Other' WHERE id = %s", [sent.pk])
        owner.execute("ALTER TABLE submissions_submission ENABLE TRIGGER submission_is_final")
        owner.execute("ALTER TABLE submissions_commitment ENABLE TRIGGER USER")
    assert len(shown()) == 6
    assert "Unnamed." in [text for _name, text in shown()]
    sweep.keep_up()
    assert ("Other", "Named.") in shown()


def test_the_name_of_a_person_stays_when_their_address_had_its_time(consultation):
    who: dict[str, Any] = {"organisation": "", "submitting_as": "individual", "contact_name": "Amina Otieno"}
    first, second = (send(consultation, {1: text}, **who).submission for text in ("a", "b"))
    publish(consultation)
    with owner_connection() as owner:
        owner.execute("SELECT submissions_erase(ARRAY[%s]::text[], 'contacts', 'period')", [first.reference])
        owner.execute("SELECT submissions_erase(ARRAY[%s]::text[], 'contacts', 'request')", [second.reference])
    sweep.keep_up()
    assert {text: name for name, text in shown()} == {"a": "Amina Otieno", "b": "[erased]"}


def test_two_colleagues_and_the_worker_do_not_wait_for_each_other(consultation):
    """Many decisions in one transaction, in an order of their own, while the worker draws what others held back."""
    sent = [send(consultation, {1: f"Text {n}."}).submission for n in range(12)]
    publish(consultation)
    area = theme(consultation, 1)
    failed: list[Exception] = []

    def withhold(order) -> None:
        try:
            with transaction.atomic():
                for one in order:
                    redact(one.reference, area, "Text", reason="x", by=people()[0])
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    def draw() -> None:
        try:
            for _turn in range(6):
                sweep.keep_up()
        finally:
            connection.close()

    threads = [
        threading.Thread(target=withhold, args=[sent[:8]]),
        threading.Thread(target=withhold, args=[sent[:3:-1]]),
        threading.Thread(target=draw),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    sweep.keep_up()
    assert (failed, PublishedText.objects.filter(is_due=True).count()) == ([], 0)
    assert {text[:5] for _name, text in shown()} == {BAR}


def send_after_closing(consultation):
    """Public as one that was cleared, in a batch of its own."""
    reopen(consultation, database_now() + timedelta(days=3))
    consultation.refresh_from_db()
    sent = send(consultation, {1: "Cleared."}).submission
    close(consultation)
    decide_publication(sent, theme(consultation, 1), "cleared", reason="", by=people()[0])
    publish(consultation, scope="cleared")
    return sent
