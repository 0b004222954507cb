"""Publishing: two people, the gate, batches, and the sum of what came in."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from publication import acts, figures, gate, sweep
from publication.models import Publication, PublicFigures, PublishedText
from submissions.models import PublicationDecision, Redaction
from submissions.review.redaction import decide_publication, redact
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content, ProposedWording
from tests.factories import FIRST, send, theme
from tests.publication.publishing import ask, close, hold_back_review, people, publish, send_anonymous, shown

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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
