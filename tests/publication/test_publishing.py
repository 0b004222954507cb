"""Publishing: two people, the gate, and what is held back afterwards is gone at once."""

import threading
from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from publication import acts, figures, gate, sweep
from publication.models import Publication, PublicFigures, PublishedText
from submissions.models import PublicationDecision, Redaction, Review
from submissions.review import reviewing
from submissions.review.redaction import BAR, decide_publication, redact
from submissions.review.reviewing import Decision
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content, ProposedWording
from tests.factories import FIRST, send, theme
from tests.publication.publishing import ask, close, people, publish
from tests.roles import owner_connection
from themes.models import Consultation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def shown() -> list[tuple[str, str]]:
    rows = PublishedText.objects.filter(is_shown=True).order_by("theme_number", "-is_named", "name", "text")
    return [(row.name, row.text) for row in rows]


def send_anonymous(consultation: Consultation, how_many: int = gate.MIN_ANONYMOUS_SENDERS) -> None:
    for n in range(how_many):
        send(consultation, {2: f"Said by nobody {n}."}, consent="anonymous", organisation=f"Secret {n}")


def test_it_goes_out_as_each_author_allows_and_no_further(consultation):
    send(consultation, {1: "With my name.", 2: Content("Without it.", consent="anonymous")}, organisation="A")
    send(consultation, {1: "For the secretariat alone."}, consent="none", organisation="B")
    send(consultation, {3: Content("", (ProposedWording("59", "A wording", "A reason"),))}, organisation="C")
    send_anonymous(consultation)
    publication = publish(consultation)
    texts = [f"Said by nobody {n}." for n in range(5)]
    assert shown() == [("A", "With my name."), *(("", text) for text in [*texts, "Without it."]), ("C", "")]
    row = PublishedText.objects.get(name="C")
    proposals = list(row.proposals.values_list("paragraph", "number", "wording", "reason"))
    assert proposals == [("59", 59, "A wording", "A reason")]
    assert (row.stakeholder_group, row.country, row.language, row.is_late) == ("civil-society", "KE", "fr", False)
    assert Counter(PublishedText.objects.values_list("publication", flat=True)) == {publication.pk: 8}
    assert PublicFigures.objects.get().sums == {
        "received": 9,
        "named": 2,
        "anonymous": 6,
        "private": 1,
        "late": 0,
        **dict.fromkeys(("withdrawn", "set_aside", "withheld", "waiting"), 0),
    }


def test_nothing_is_public_before_two_people_said_so_and_the_worker_did_it(consultation):
    send(consultation)
    with pytest.raises(ValidationError, match="Intake has not closed"):
        ask(consultation)
    asked = ask(close(consultation))
    sweep.keep_up()
    assert not PublishedText.objects.exists()
    asking, confirming = people()
    with pytest.raises(ValidationError, match="Somebody else"):
        acts.confirm(asked.pk, by=asking, seen=asked.content_sha256)
    with pytest.raises(ValidationError, match="waits for a second person"):
        ask(consultation)
    acts.confirm(asked.pk, by=confirming, seen=asked.content_sha256)
    assert shown() == []
    with pytest.raises(ValidationError, match="answered already"):
        acts.confirm(asked.pk, by=confirming, seen=asked.content_sha256)
    sweep.keep_up()
    assert len(shown()) == 1
    with pytest.raises(ValidationError, match="nothing to publish"):
        ask(consultation)


def test_the_database_wants_two_people_and_keeps_what_they_did(consultation):
    send(consultation)
    asked = ask(close(consultation))
    rows = Publication.objects.filter(pk=asked.pk)
    now = asked.asked_at
    with pytest.raises(IntegrityError, match="publication_answered_by_another"), transaction.atomic():
        rows.update(answered_by=asked.asked_by, answered_at=now)
    with pytest.raises(IntegrityError, match="publication_is_published_once_confirmed"), transaction.atomic():
        rows.update(published_at=now)
    acts.confirm(asked.pk, by=people()[1], seen=asked.content_sha256)
    sweep.keep_up()
    for values in ({"licence": "CC0-1.0"}, {"answered_at": now}, {"published_at": now}, {"number": 7}):
        with pytest.raises(DatabaseError, match="never changed afterwards"), transaction.atomic():
            rows.update(**values)
    with pytest.raises(DatabaseError, match="never changed afterwards"), transaction.atomic():
        Publication.objects.filter(pk=asked.pk)._raw_delete("default")


def test_what_was_held_back_between_the_two_is_shown_to_the_second_again(consultation):
    sent = send(consultation, {1: "a", 2: "b"}).submission
    asked = ask(close(consultation))
    decide_publication(sent, theme(consultation, 1), "withheld", reason="x", by=people()[0])
    with pytest.raises(acts.BatchChanged):
        acts.confirm(asked.pk, by=people()[1], seen=asked.content_sha256)
    assert not PublishedText.objects.exists()
    acts.confirm(asked.pk, by=people()[1], seen=gate.batch_of(consultation, asked.scope).sha256)
    sweep.keep_up()
    assert [text for _name, text in shown()] == ["b"]


def test_one_who_asked_may_decline_and_another_publication_can_be_asked_for(consultation):
    send(consultation)
    asked = ask(close(consultation))
    assert acts.decline(asked.pk, by=people()[0])
    assert not acts.decline(asked.pk, by=people()[1])
    with pytest.raises(ValidationError, match="answered already"):
        acts.confirm(asked.pk, by=people()[1], seen=asked.content_sha256)
    assert publish(consultation).number == 2


def test_in_batches_what_is_cleared_goes_first_and_nothing_twice(consultation):
    first = send(consultation, {1: "a", 2: "b"}).submission
    send(consultation, {1: "c"})
    close(consultation)
    decide_publication(first, theme(consultation, 1), "cleared", reason="", by=people()[0])
    assert publish(consultation, scope="cleared").texts.count() == 1
    assert [text for _name, text in shown()] == ["a"]
    assert publish(consultation).texts.count() == 2
    assert [text for _name, text in shown()] == ["a", "c", "b"]
    ids = set(PublishedText.objects.filter(reference=first.reference).values_list("sender_id", flat=True))
    assert len(ids) == 1


def test_texts_without_a_name_wait_for_enough_others(consultation):
    send_anonymous(consultation, gate.MIN_ANONYMOUS_SENDERS - 1)
    send(consultation, {1: "Named."})
    publish(consultation)
    assert [text for _name, text in shown()] == ["Named."]
    assert PublicFigures.objects.get().sums["waiting"] == gate.MIN_ANONYMOUS_SENDERS - 1


def hold_back_redaction(consultation, sent):
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="A private person", by=people()[0])


def hold_back_decision(consultation, sent):
    decide_publication(sent, theme(consultation, 1), "withheld", reason="x", by=people()[0])


def hold_back_review(consultation, sent):
    state = Decision(Review.State.SET_ASIDE, None, "Not on the document", [], "")
    reviewing.save_review(sent, state, by=people()[0], version=0)


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


@pytest.fixture
def reopened():
    from datetime import timedelta

    from tests.factories import reopen
    from themes.intake import database_now

    def again(consultation):
        reopen(consultation, database_now() + timedelta(days=3))
        consultation.refresh_from_db()

    return again


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


def test_identical_texts_are_listed_once_with_their_senders(consultation):
    for n in range(3):
        send(consultation, {1: "We all say this."}, organisation=f"Member {n}")
    send(consultation, {2: "We all say this."})
    publish(consultation)
    listed = PublishedText.objects.filter(is_shown=True, is_lead=True).order_by("theme_number")
    assert list(listed.values_list("name", "sender_count")) == [("Member 0", 3), ("Réseau des bibliothèques", 1)]
    sent = PublishedText.objects.get(name="Member 0")
    PublicationDecision.objects.create(
        reference=sent.reference, theme_id=sent.theme_id, decision="withheld", reason="x", read_version=1
    )
    sweep.keep_up()
    assert list(listed.values_list("name", "sender_count")) == [("Member 1", 2), ("Réseau des bibliothèques", 1)]


def test_each_text_that_came_in_is_in_one_place_of_the_sum(consultation, reopened):
    """Whatever happens to them afterwards."""
    sent = [send(consultation, {1: f"a{n}", 2: f"b{n}"}).submission for n in range(6)]
    send(consultation, {1: "p"}, consent="none")
    publish(consultation)
    reopened(consultation)
    withdraw(sent[0])
    send(consultation, {1: "new"}, amends=sent[1].reference)
    decide_publication(sent[2], theme(consultation, 1), "withheld", reason="x", by=people()[0])
    hold_back_review(consultation, sent[3])
    sweep.keep_up()
    sums = figures.sums_of(consultation)
    places = {name: n for name, n in sums.items() if name in figures.PLACES}
    assert places == {
        "withdrawn": 2,
        "waiting": 1,
        "withheld": 1,
        "set_aside": 2,
        "private": 1,
        "named": 5,
        "anonymous": 0,
    }
    assert sums["received"] == sum(places.values()) == 12
    assert PublicFigures.objects.get().sums == sums


def test_a_publication_that_is_withdrawn_while_it_is_drawn_is_not_shown(consultation, monkeypatch):
    """Between the worker's look at what is to be done and its work on it."""
    sent = send(consultation, {1: FIRST}).submission
    publication = publish(consultation)
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="x", by=people()[0])
    wait = sweep.wait_for_holders_back

    def withdrawn_meanwhile(consultation_id: int) -> None:
        acts.withdraw(publication.pk, by=people()[0], reason="A mistake")
        wait(consultation_id)

    monkeypatch.setattr(sweep, "wait_for_holders_back", withdrawn_meanwhile)
    sweep.keep_up()
    monkeypatch.undo()
    sweep.keep_up()
    assert (shown(), PublishedText.objects.get().text) == ([], "")


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


def test_what_was_withdrawn_by_mistake_is_public_again_under_its_address(consultation):
    send(consultation, {1: FIRST})
    first = publish(consultation, licence="CC0-1.0")
    address = PublishedText.objects.get().public_id
    acts.withdraw(first.pk, by=people()[0], reason="The wrong licence")
    sweep.keep_up()
    second = publish(consultation)
    row = PublishedText.objects.get()
    assert (row.public_id, row.publication, row.text) == (address, second, FIRST.text)


def test_a_bar_that_was_taken_away_between_the_two_is_shown_to_the_second_again(consultation):
    sent = send(consultation, {1: FIRST}).submission
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="x", by=people()[0])
    asked = ask(close(consultation))
    Redaction.objects.all().delete()
    with pytest.raises(acts.BatchChanged):
        acts.confirm(asked.pk, by=people()[1], seen=asked.content_sha256)


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
    from datetime import timedelta

    from tests.factories import reopen
    from themes.intake import database_now

    reopen(consultation, database_now() + timedelta(days=3))
    consultation.refresh_from_db()
    sent = send(consultation, {1: "Cleared."}).submission
    close(consultation)
    decide_publication(sent, theme(consultation, 1), "cleared", reason="", by=people()[0])
    publish(consultation, scope="cleared")
    return sent
