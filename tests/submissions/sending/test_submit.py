"""The only way in, on real transactions: what decides is PostgreSQL, at COMMIT."""

import hashlib
import json
import threading
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from submissions.drafts import saving
from submissions.models import RESPONDENT_FIELDS, Contribution, Mail, Submission
from submissions.sending.late_attempts import note_late_attempt
from submissions.sending.refusals import AlreadyWithdrawn, IntakeClosed, IntakeNotOpen
from submissions.sending.submit import MadeUpSubmission, NothingToSend, submit, submit_made_up
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content
from tests.factories import (
    ARABIC,
    CHINESE,
    ENGLISH,
    contents,
    make_consultation,
    make_respondent,
    move_cutoff_behind_now,
    send,
    theme,
)
from tests.roles import as_owner
from tests.threads import at_once
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def everything_written() -> tuple[int, int, int]:
    return Submission.objects.count(), Contribution.objects.count(), Mail.objects.count()


def test_stores_what_was_sent_to_the_letter(consultation):
    before = database_now()
    sent = send(consultation, {12: CHINESE, 1: ENGLISH, 5: ARABIC, 3: " \n ", 7: "Line\r\nline\rline"})
    after = database_now()
    submission = Submission.objects.get()
    assert sent.is_new
    assert sent.submission == submission
    assert list(submission.contributions.values_list("theme__number", "text", "words")) == [
        (1, ENGLISH, 15),
        (5, ARABIC, 13),
        (7, "Line\nline\nline", 3),
        (12, CHINESE, 26),
    ]
    assert before <= submission.received_at <= after
    assert {name: getattr(submission, name) for name in RESPONDENT_FIELDS} == {
        name: getattr(make_respondent(), name) for name in RESPONDENT_FIELDS
    }


def test_the_sum_can_be_computed_by_anybody(consultation):
    submission = send(consultation, {2: "B", 1: "“A”"}).submission
    text = json.dumps(
        {
            "reference": submission.reference,
            "version": 1,
            "consultation": "elements-paper",
            "respondent": {name: getattr(make_respondent(), name) for name in RESPONDENT_FIELDS},
            "contributions": [{"theme": 1, "text": "“A”"}, {"theme": 2, "text": "B"}],
        },
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    assert submission.content_sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_receipt_is_queued_in_the_same_transaction(consultation):
    submission = send(consultation, {1: ENGLISH}).submission
    mail = Mail.objects.get()
    assert (mail.submission, mail.recipient, mail.sent_at) == (submission, "amina@example.org", None)
    assert submission.reference in mail.body
    assert mail.subject == f"We received your submission to {consultation.title} ({submission.reference})"


def test_a_forged_time_is_overwritten(consultation):
    forged = datetime(2027, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        submission = Submission.objects.create(
            consultation=consultation,
            reference="X",
            received_at=forged,
            content_sha256="0" * 64,
            **{name: getattr(make_respondent(), name) for name in RESPONDENT_FIELDS},
        )
        Contribution.objects.create(submission=submission, theme=theme(consultation, 1), text="x", words=1)
    submission.refresh_from_db()
    assert abs(submission.received_at - database_now()) < timedelta(minutes=1)


def test_the_same_key_is_stored_once_and_found_again_after_the_cutoff(consultation):
    key = uuid.uuid4()
    first = send(consultation, key=key)
    again = send(consultation, key=key)
    move_cutoff_behind_now(consultation)
    late = send(consultation, key=key)
    assert [first.is_new, again.is_new, late.is_new] == [True, False, False]
    assert again.submission == late.submission == first.submission
    assert everything_written() == (1, 1, 1)


def test_twelve_sendings_of_one_key_at_once(consultation):
    key, references = uuid.uuid4(), []

    def once():
        references.append(send(consultation, key=key).submission.reference)

    # Twelve at a time: the pool of the tests has eight connections, so some wait.
    at_once(*[once] * 12)
    assert len(references) == 12
    assert len(set(references)) == 1
    assert everything_written() == (1, 1, 1)


def test_too_late_and_too_early_leave_nothing(consultation):
    move_cutoff_behind_now(consultation)
    with pytest.raises(IntakeNotOpen):
        send(consultation)
    now = database_now()
    upcoming = make_consultation(
        slug="upcoming", opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2), themes=1
    )
    with pytest.raises(IntakeNotOpen):
        send(upcoming)
    assert everything_written() == (0, 0, 0)


def test_inserted_before_the_cutoff_and_committed_after_it_is_refused(consultation):
    """The clock that counts is the one at COMMIT."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        submission = Submission.objects.create(
            consultation=consultation,
            reference="X",
            received_at=timezone.now(),
            content_sha256="0" * 64,
            **{name: getattr(make_respondent(), name) for name in RESPONDENT_FIELDS},
        )
        Contribution.objects.create(submission=submission, theme=theme(consultation, 1), text="x", words=1)
        # Nobody waits a day in a test: the cutoff comes to us, over this same connection.
        Consultation.objects.update(closes_at=database_now())
    assert refusal.value.__cause__.sqlstate == "WS001"
    assert everything_written() == (0, 0, 0)


def test_a_closing_waits_for_a_sending_and_the_next_sending_is_refused(consultation):
    """Two connections: what is inside the lock at the cutoff is decided before the closing commits."""
    inside, may_commit = threading.Event(), threading.Event()
    outcome: dict[str, Any] = {}

    def sender():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT themes_assert_intake_open(%s, clock_timestamp())", [consultation.pk])
                inside.set()
                may_commit.wait(60)
                outcome["sender committed"] = database_now()
        finally:
            connection.close()

    def closer():
        try:
            inside.wait(60)
            Consultation.objects.filter(pk=consultation.pk).update(closes_at=database_now())
            outcome["closed"] = cutoff_changes.close_due_consultations()
            outcome["closer done"] = database_now()
        finally:
            connection.close()

    threads = [threading.Thread(target=sender), threading.Thread(target=closer)]
    for thread in threads:
        thread.start()
    inside.wait(60)
    threads[1].join(0.7)
    assert threads[1].is_alive()  # it waits
    may_commit.set()
    for thread in threads:
        thread.join()
    assert outcome["closed"] == [consultation.pk]
    assert outcome["closer done"] > outcome["sender committed"]
    with pytest.raises(IntakeNotOpen):
        send(consultation)


def test_what_was_sent_is_final(consultation):
    submission = send(consultation).submission
    for change in (
        lambda: Submission.objects.update(organisation="Other"),
        lambda: Contribution.objects.update(text="Other"),
        lambda: Contribution.objects.all().delete(),
        lambda: submission.save(update_fields=["organisation"]),
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            change()
        # Whoever has the right is refused by the guard.
        with as_owner(), pytest.raises(DatabaseError, match="what was sent is final"):
            change()
    assert list(Contribution.objects.values_list("text", flat=True)) == ["A text."]


def test_nothing_is_added_to_what_was_received(consultation):
    """Not even while intake is open: the receipt's sum is of what was sent."""
    submission = send(consultation, {1: "x"}).submission
    with pytest.raises(DatabaseError, match="no text is added"):
        Contribution.objects.create(submission=submission, theme=theme(consultation, 2), text="y", words=1)
    assert everything_written() == (1, 1, 1)


def test_a_submission_without_a_text_is_none(consultation):
    for texts in ({}, {1: "  \n"}):
        with pytest.raises(NothingToSend):
            submit(
                consultation=consultation,
                respondent=make_respondent(),
                contents=contents(consultation, texts),
                sending_key=uuid.uuid4(),
            )
    with pytest.raises(IntegrityError, match="has no contribution"):
        Submission.objects.create(
            consultation=consultation,
            reference="X",
            received_at=timezone.now(),
            content_sha256="0" * 64,
            **{name: getattr(make_respondent(), name) for name in RESPONDENT_FIELDS},
        )
    assert everything_written() == (0, 0, 0)


def test_a_theme_of_another_consultation_is_refused(consultation):
    now = database_now()
    other = make_consultation(
        slug="other", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), themes=1
    )
    with pytest.raises(NothingToSend):
        submit(
            consultation=consultation,
            respondent=make_respondent(),
            contents={theme(other, 1): Content("x")},
            sending_key=uuid.uuid4(),
        )
    submission = send(consultation).submission
    with pytest.raises(IntegrityError, match="of another consultation"):
        Contribution.objects.create(submission=submission, theme=theme(other, 1), text="x", words=1)
    assert everything_written() == (1, 1, 1)


@pytest.mark.parametrize(
    ("answers", "constraint"),
    [
        ({"submitting_as": ""}, "submission_says_as_whom"),
        ({"submitting_as": "coalition", "organisation": ""}, "submission_names_its_organisation"),
        ({"stakeholder_group": "academia-technical"}, "submission_names_its_group"),
        ({"country": ""}, "submission_names_its_country"),
        ({"email": ""}, "submission_names_a_contact"),
        ({"consent": "maybe"}, "submission_says_how_it_may_be_published"),
        ({"has_accepted_privacy": False}, "submission_accepts_the_privacy_notice"),
    ],
)
def test_the_database_holds_the_rules_by_name(consultation, answers, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        send(consultation, **answers)
    assert everything_written() == (0, 0, 0)


def test_an_individual_needs_no_organisation(consultation):
    assert send(consultation, submitting_as="individual", organisation="").is_new


@pytest.mark.usefixtures("owner")
def test_made_up_ones_say_when_but_never_outside_the_window(consultation):
    when = database_now() - timedelta(hours=5)
    made_up = MadeUpSubmission(make_respondent(), contents(consultation, {1: "x"}), when)
    assert submit_made_up(consultation=consultation, submissions=[made_up]) == 1
    assert Submission.objects.get().received_at == when
    early = MadeUpSubmission(
        make_respondent(), contents(consultation, {1: "x"}), consultation.opens_at - timedelta(microseconds=1)
    )
    with pytest.raises(DatabaseError, match="not open yet"):
        submit_made_up(consultation=consultation, submissions=[early])
    # The stamp is back on for everybody else.
    assert abs(send(consultation).submission.received_at - database_now()) < timedelta(minutes=1)
    assert everything_written() == (2, 2, 1)


# --- versions and withdrawing ---------------------------------------------------------------------------------


def test_amending_supersedes_and_keeps(consultation):
    first = send(consultation, {1: "first"}).submission
    second = send(consultation, {1: "second", 2: "more"}, amends=first.reference).submission
    assert (second.reference, second.version) == (first.reference, 2)
    assert first.content_sha256 != second.content_sha256
    assert list(Submission.objects.standing()) == [second]
    assert everything_written() == (2, 3, 2)


def test_a_version_follows_one_and_none_follows_a_withdrawal(consultation):
    def forge(reference, version):
        submission = Submission.objects.create(
            consultation=consultation,
            reference=reference,
            version=version,
            received_at=timezone.now(),
            content_sha256="0" * 64,
            **{name: getattr(make_respondent(), name) for name in RESPONDENT_FIELDS},
        )
        Contribution.objects.create(submission=submission, theme=theme(consultation, 1), text="x", words=1)

    first = send(consultation).submission
    with pytest.raises(IntegrityError, match="follows none"), transaction.atomic():
        forge(first.reference, 3)
    withdraw(first)
    with pytest.raises(AlreadyWithdrawn):
        send(consultation, amends=first.reference)
    assert list(Submission.objects.values_list("version", flat=True)) == [1]


def test_withdrawing_is_recorded_once_and_mailed_once_each(consultation):
    first = send(consultation).submission
    second = send(consultation, amends=first.reference).submission
    withdrawal = withdraw(second)
    assert withdraw(second) == withdrawal
    assert (withdrawal.reference, withdrawal.submission) == (first.reference, second)
    assert list(Submission.objects.standing()) == []
    assert Mail.objects.filter(subject__startswith="You withdrew your submission").count() == 1


def test_only_the_last_version_is_withdrawn_and_only_in_time(consultation):
    first = send(consultation).submission
    send(consultation, amends=first.reference)
    with pytest.raises(IntegrityError, match="names the last version"):
        withdraw(first)
    other = send(consultation).submission
    move_cutoff_behind_now(consultation)
    with pytest.raises(IntakeClosed):
        withdraw(other)
    assert Submission.objects.standing().count() == 2


def test_a_version_and_a_withdrawal_at_once_never_both(consultation):
    """Each alone is right; together they would leave a version that nobody can see or take back."""
    for _round in range(8):
        first = send(consultation).submission
        outcomes: list[str] = []

        def run(verb, outcomes=outcomes):
            try:
                verb()
                outcomes.append(verb.__name__)
            except (AlreadyWithdrawn, IntegrityError):
                pass

        def amend(first=first):
            send(consultation, amends=first.reference)

        def take_back(first=first):
            withdraw(first)

        at_once(*(partial(run, verb) for verb in (amend, take_back)))
        assert len(outcomes) == 1, outcomes


def test_late_attempts_are_noted_without_what_they_said(consultation):
    draft = saving.start_draft(consultation, at=database_now())
    late = contents(consultation, {2: "bb", 1: "ä"})
    attempt = note_late_attempt(consultation=consultation, contents=late, draft=draft)
    assert attempt.byte_count == len("ä\n\nbb".encode())
    assert attempt.sha256 == hashlib.sha256("ä\n\nbb".encode()).hexdigest()
    assert abs(attempt.arrived_at - database_now()) < timedelta(minutes=1)
