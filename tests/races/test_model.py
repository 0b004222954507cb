"""A small model of the invariants, and the real thing beside it, through every order of events hypothesis finds."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from submissions.drafts import keys
from submissions.export import records
from submissions.mail import outbox
from submissions.models import Draft, LateAttempt, Mail, Record, Submission
from submissions.public import send as public_send
from submissions.text.spreadsheet import restore
from tests.export_files import in_record
from tests.factories import close_early, make_consultation, reopen
from tests.visitor import ANSWERS
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=40).filter(
    lambda text: bool(text.strip())
)


class Person:
    """What the model knows of one stakeholder: what is in the draft, and what was sent from it."""

    def __init__(self, text: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.draft = text
        self.sent: str | None = None
        self.version = 0
        self.reference = ""
        self.is_withdrawn = False
        # The server died after COMMIT and before it could remember: the draft's key is that of the last sending.
        self.is_forgotten = False


class Intake(RuleBasedStateMachine):
    """The model: is it open, what text stands under each reference, what was in each record."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        now = database_now()
        self.slug = f"c{uuid.uuid4().hex}"
        self.consultation = make_consultation(
            slug=self.slug, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), themes=1
        )
        self.is_open = True
        self.all: list[Person] = []
        self.expected: dict[object, dict[str, str]] = {}
        self.mails = 0
        self.late: set[tuple[int, str]] = set()  # whose, and what it said: the same once more is the same attempt

    @property
    def standing(self) -> dict[str, str]:
        return {p.reference: p.sent for p in self.all if p.sent is not None and not p.is_withdrawn}

    def write(self, person: Person, text: str) -> None:
        answer = person.client.post(f"/{self.slug}/themes/1/", {"text": text})
        assert answer.status_code == (303 if self.is_open else 409)
        person.draft = text

    @initialize(target=people, text=TEXTS)
    def first(self, text):
        return self.draft_of_somebody(text)

    @rule(target=people, text=TEXTS)
    def another(self, text):
        return self.draft_of_somebody(text)

    def draft_of_somebody(self, text: str) -> Person:
        """Somebody writes and says who they are; too late, the text is kept all the same."""
        person = Person(text)
        self.write(person, text)
        answer = person.client.post(f"/{self.slug}/about-you/", ANSWERS)
        assert answer.status_code == (303 if self.is_open else 409)
        self.all.append(person)
        return person

    @rule(person=people, text=TEXTS)
    def edit(self, person, text):
        self.write(person, text)

    @rule(person=people, crashes=st.booleans(), text=st.none() | TEXTS)
    def press_send(self, person, crashes, text):
        """The one button, with the key of the page as it is now; the server may die right after the COMMIT.

        Often with an edit just before, because what went wrong in the field went wrong there.
        """
        if text is not None:
            self.write(person, text)
        key = self.draft_of(person).sending_key
        with pytest.MonkeyPatch.context() as patched:
            if crashes:

                def die(*args):
                    raise RuntimeError("killed")

                patched.setattr(public_send, "note_sent", die)
            answer = person.client.post(f"/{self.slug}/send/", {"key": str(key)})
        stored = Submission.objects.filter(sending_key=key).first()
        if person.is_withdrawn or person.draft == person.sent:
            assert answer.status_code == (500 if crashes else 303)
            person.is_forgotten = person.is_forgotten and crashes
        elif person.is_forgotten:
            # One key, two contents: both are shown, and nothing is sent.
            assert answer.status_code == (500 if crashes else 409)
            person.is_forgotten = crashes
        elif not self.is_open:
            assert answer.status_code == 409
            assert stored is None
            self.late.add((id(person), person.draft))
        else:
            assert answer.status_code == (500 if crashes else 303)
            assert stored is not None
            person.version += 1
            assert stored.version == person.version
            assert person.reference in {"", stored.reference}
            person.reference, person.sent, person.is_forgotten = stored.reference, person.draft, crashes
            self.mails += 1

    def draft_of(self, person: Person) -> Draft:
        cookie = person.client.cookies[f"draft-{self.consultation.pk}"].value
        return Draft.objects.get(key_hash=keys.hash_of(cookie))

    @rule(person=people)
    def press_again(self, person):
        """A try whose answer was lost, in any state, also after the deadline: the receipt, and nothing new."""
        if person.sent is None or person.draft != person.sent:
            return
        key = Submission.objects.get(reference=person.reference, version=person.version).sending_key
        answer = person.client.post(f"/{self.slug}/send/", {"key": str(key)})
        assert (answer.status_code, answer["Location"]) == (303, f"/{self.slug}/receipt/")
        assert person.reference in person.client.get(answer["Location"]).content.decode()
        person.is_forgotten = False

    @rule(person=people)
    def take_back(self, person):
        answer = person.client.post(f"/{self.slug}/withdraw/")
        if person.sent is None:
            assert answer.status_code == 302
        elif person.is_withdrawn or self.is_open:
            assert answer.status_code == 303
            self.mails += not person.is_withdrawn
            person.is_withdrawn = True
        else:
            assert answer.status_code == 409

    @rule(does=st.sampled_from(["extend", "turn", "sweep", "sweep and crash", "send mail"]))
    def office(self, does):
        """What the secretariat and the sweeps do: one rule, so that most steps are the stakeholders'."""
        match does:
            case "extend":
                self.extend()
            case "turn" if self.is_open:
                self.close(early=len(self.all) % 2 == 0)
            case "turn":
                self.reopen()
            case "send mail":
                outbox.send_due()
            case _:
                self.sweep(crashes=does == "sweep and crash")

    def extend(self):
        self.consultation.refresh_from_db()
        later = self.consultation.closes_at + timedelta(days=1)
        if self.is_open:
            cutoff_changes.move_cutoff(consultation_id=self.consultation.pk, closes_at=later, reason="x", by=None)
        else:
            with pytest.raises(ValidationError):
                cutoff_changes.move_cutoff(consultation_id=self.consultation.pk, closes_at=later, reason="x", by=None)

    def close(self, early):
        if early:
            close_early(self.consultation)
        else:
            Consultation.objects.filter(pk=self.consultation.pk).update(closes_at=database_now())
        self.is_open = False

    def reopen(self):
        later = database_now() + timedelta(days=1)
        reopen(self.consultation, later)
        self.is_open = True

    def sweep(self, crashes):
        """Close and export, with or without a worker that dies between writing the file and saying so."""
        cutoff_changes.close_due_consultations()
        self.consultation.refresh_from_db()
        if self.consultation.closed_at is not None:
            self.expected[self.consultation.closed_at] = dict(self.standing)
        if crashes:
            save = records.default_storage.save
            with pytest.MonkeyPatch.context() as patched:

                def die(*args):
                    save(*args)
                    raise KeyboardInterrupt

                patched.setattr(records.default_storage, "save", die)
                try:
                    records.write_due_records()
                except KeyboardInterrupt:
                    Record.objects.filter(written_at=None).update(due_at=database_now(), attempts=1)
        records.write_due_records()

    @invariant()
    def what_stands_is_what_the_model_says(self):
        standing = Submission.objects.filter(consultation=self.consultation).standing()
        rows = standing.values_list("reference", "contributions__text")
        assert dict(rows) == self.standing
        sent = Submission.objects.filter(consultation=self.consultation).count()
        assert sent == sum(person.version for person in self.all)

    @invariant()
    def late_ones_are_noted_and_nothing_else(self):
        assert LateAttempt.objects.filter(consultation=self.consultation).count() == len(self.late)

    @invariant()
    def every_record_is_what_stood_when_it_closed(self):
        for record in Record.objects.filter(consultation=self.consultation, written_at__isnull=False):
            rows = in_record(record)
            assert {row[0]: restore(row[14]) for row in rows} == self.expected[record.closed_at]

    @invariant()
    def one_mail_for_each_event(self):
        mails = Mail.objects.filter(submission__consultation=self.consultation)
        assert mails.count() == self.mails
        assert mails.filter(attempts__gt=1).count() == 0


@pytest.fixture
def _many_people_behind_one_address(settings):
    settings.RATE_LIMIT_FACTOR = 10_000


# Bounded by its fifty examples; beside other work they take their time.
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("_many_people_behind_one_address")
@pytest.mark.django_db(transaction=True)
def test_every_order_of_events():
    run_state_machine_as_test(
        Intake,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
