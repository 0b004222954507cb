"""A small model of the invariants, and the real thing beside it, through every order of events hypothesis finds."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from submissions import closing, outbox
from submissions.models import Mail, Record, Submission
from submissions.record import AlreadyWithdrawn, IntakeClosed, withdraw
from submissions.spreadsheet import restore
from tests.conftest import make_consultation, send
from tests.submissions.test_export import parsed
from themes import cutoff
from themes.models import Consultation

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=40).filter(
    lambda text: bool(text.strip())
)


class Intake(RuleBasedStateMachine):
    """The model: is it open, what text stands under each reference, what was in each record."""

    references = Bundle("references")

    def __init__(self) -> None:
        super().__init__()
        now = cutoff.database_now()
        self.consultation = make_consultation(
            slug=uuid.uuid4().hex, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), themes=1
        )
        self.is_open = True
        self.standing: dict[str, str] = {}
        self.withdrawn: set[str] = set()
        self.versions: dict[str, int] = {}
        self.keys: dict[uuid.UUID, tuple[str, int]] = {}
        self.expected: dict[object, dict[str, str]] = {}
        self.mails = 0

    def _send(self, text: str, amends: str = "", key: uuid.UUID | None = None):
        return send(self.consultation, {1: text}, amends=amends, key=key)

    @rule(target=references, text=TEXTS)
    def send_first(self, text):
        key = uuid.uuid4()
        if not self.is_open:
            with pytest.raises(IntakeClosed):
                self._send(text, key=key)
            return ""
        submission = self._send(text, key=key).submission
        self.standing[submission.reference] = text
        self.versions[submission.reference] = 1
        self.keys[key] = (submission.reference, 1)
        self.mails += 1
        return submission.reference

    @rule(reference=references, text=TEXTS)
    def amend(self, reference, text):
        if not reference:
            return
        if reference in self.withdrawn and self.is_open:
            with pytest.raises(AlreadyWithdrawn):
                self._send(text, amends=reference)
        elif not self.is_open:
            with pytest.raises((IntakeClosed, AlreadyWithdrawn)):
                self._send(text, amends=reference)
        else:
            sent = self._send(text, amends=reference)
            self.versions[reference] += 1
            self.standing[reference] = text
            self.mails += 1
            assert sent.submission.version == self.versions[reference]

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def retry(self, data):
        """A try whose answer was lost, in any state: the same submission, nothing new."""
        key = data.draw(st.sampled_from(sorted(self.keys, key=str)))
        sent = self._send("anything", key=key)
        assert not sent.is_new
        assert (sent.submission.reference, sent.submission.version) == self.keys[key]

    @rule(reference=consumes(references))
    def take_back(self, reference):
        if not reference:
            return
        last = Submission.objects.get(reference=reference, version=self.versions[reference])
        if reference in self.withdrawn:
            return
        if not self.is_open:
            with pytest.raises(IntakeClosed):
                withdraw(last)
            return
        withdraw(last)
        del self.standing[reference]
        self.withdrawn.add(reference)
        self.mails += 1

    @rule()
    def extend(self):
        self.consultation.refresh_from_db()
        later = self.consultation.closes_at + timedelta(days=1)
        if self.is_open:
            cutoff.move_cutoff(consultation_id=self.consultation.pk, closes_at=later, reason="x", by=None)
        else:
            with pytest.raises(ValidationError):
                cutoff.move_cutoff(consultation_id=self.consultation.pk, closes_at=later, reason="x", by=None)

    @precondition(lambda self: self.is_open)
    @rule(early=st.booleans())
    def close(self, early):
        if early:
            cutoff.close_early(consultation_id=self.consultation.pk, reason="x", by=None)
        else:
            Consultation.objects.filter(pk=self.consultation.pk).update(closes_at=cutoff.database_now())
        self.is_open = False

    @precondition(lambda self: not self.is_open)
    @rule()
    def reopen(self):
        later = cutoff.database_now() + timedelta(days=1)
        cutoff.reopen(consultation_id=self.consultation.pk, closes_at=later, reason="x", by=None)
        self.is_open = True

    @rule(crashes=st.booleans())
    def sweep(self, crashes):
        """Close and export, with or without a worker that dies between writing the file and saying so."""
        cutoff.close_due_consultations()
        self.consultation.refresh_from_db()
        if self.consultation.closed_at is not None:
            self.expected[self.consultation.closed_at] = dict(self.standing)
        if crashes:
            save = closing.default_storage.save
            with pytest.MonkeyPatch.context() as patched:

                def die(*args):
                    save(*args)
                    raise KeyboardInterrupt

                patched.setattr(closing.default_storage, "save", die)
                try:
                    closing.write_due_records()
                except KeyboardInterrupt:
                    Record.objects.filter(written_at=None).update(leased_until=cutoff.database_now(), attempts=1)
        closing.write_due_records()

    @rule()
    def send_mail(self):
        outbox.send_due()

    @invariant()
    def what_stands_is_what_the_model_says(self):
        standing = Submission.objects.filter(consultation=self.consultation).standing()
        rows = standing.values_list("reference", "version", "contributions__text")
        assert {reference: text for reference, _version, text in rows} == self.standing
        assert all(version == self.versions[reference] for reference, version, _text in rows)

    @invariant()
    def every_record_is_what_stood_when_it_closed(self):
        for record in Record.objects.filter(consultation=self.consultation, written_at__isnull=False):
            with record.file.open("rb") as file:
                rows = parsed(file.read())[1:]
            assert {row[0]: restore(row[14]) for row in rows} == self.expected[record.closed_at]

    @invariant()
    def one_mail_for_each_event(self):
        mails = Mail.objects.filter(submission__consultation=self.consultation)
        assert mails.count() == self.mails
        assert mails.filter(attempts__gt=1).count() == 0


@pytest.mark.django_db(transaction=True)
def test_every_order_of_events():
    run_state_machine_as_test(
        Intake,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
