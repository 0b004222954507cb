"""Reminders: who gets which, when exactly, and once each."""

from datetime import timedelta

import pytest
from django.core import mail

from submissions.drafts import keys, saving
from submissions.drafts.contents import contents_of
from submissions.drafts.sent import note_sent
from submissions.mail import outbox, reminders
from submissions.models import Draft, Mail, Reminder
from submissions.sending.submit import submit
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content
from tests.factories import make_respondent, theme
from themes import cutoff_changes, intake
from themes.intake import database_now
from themes.models import Consultation

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


def drafter(consultation, *, email="amina@example.org", age=timedelta(days=20), text="Written.") -> Draft:
    """Somebody who began `age` ago and left an address."""
    draft = saving.start_draft(consultation, at=database_now())
    if text:
        saving.save_content(draft, theme(consultation, 1), Content(text), at=database_now())
    answers = {**make_respondent(email=email).answers()}
    saving.save_respondent(draft, answers, at=database_now())
    Draft.objects.filter(pk=draft.pk).update(created_at=database_now() - age)
    draft.refresh_from_db()
    return draft


def put_cutoff_in(consultation, left: timedelta) -> None:
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=database_now() + left)
    consultation.refresh_from_db()


def result() -> list[tuple[str, str]]:
    """Which reminders were queued, oldest first, with their recipients."""
    rows = Reminder.objects.order_by("pk").values_list("kind", "draft__email")
    return [(str(kind), str(email)) for kind, email in rows]


SLACK = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("left", "kinds"),
    [
        (3 * DAY + SLACK, []),
        (3 * DAY - SLACK, ["three-days"]),
        (DAY + SLACK, ["three-days"]),
        (DAY - SLACK, ["one-day"]),
        (timedelta(minutes=1), ["one-day"]),
    ],
)
def test_three_days_and_one_day_before(consultation, left, kinds):
    drafter(consultation)
    put_cutoff_in(consultation, left)
    assert reminders.queue_due_reminders() == len(kinds)
    assert result() == [(kind, "amina@example.org") for kind in kinds]
    # Once each, however often the sweep looks.
    assert reminders.queue_due_reminders() == 0
    assert Mail.objects.count() == len(kinds)


def test_the_rule_at_the_exact_instant(consultation):
    """In SQL, to the microsecond: due with exactly three days left, not a moment before, and at the cutoff no more."""

    def is_due(moment) -> bool:
        return Consultation.objects.filter(intake.is_still_ahead(3 * DAY, moment)).exists()

    tick = timedelta(microseconds=1)
    closes_at = consultation.closes_at
    assert [is_due(closes_at - 3 * DAY - tick), is_due(closes_at - 3 * DAY)] == [False, True]
    assert [is_due(closes_at - tick), is_due(closes_at)] == [True, False]
    assert intake.was_there_before(consultation, DAY, closes_at - DAY - tick)
    assert not intake.was_there_before(consultation, DAY, closes_at - DAY)


def test_both_when_the_worker_is_awake(consultation):
    drafter(consultation)
    put_cutoff_in(consultation, 3 * DAY - SLACK)
    reminders.queue_due_reminders()
    # Two days pass: the clock stays, so the cutoff comes nearer, and what was told about it comes along.
    put_cutoff_in(consultation, DAY - SLACK)
    Reminder.objects.update(closes_at=consultation.closes_at)
    reminders.queue_due_reminders()
    assert [kind for kind, _email in result()] == ["three-days", "one-day"]


def test_who_is_not_reminded(consultation):
    put_cutoff_in(consultation, 2 * DAY)
    drafter(consultation, email="")
    drafter(consultation, text="")
    drafter(consultation, age=timedelta(hours=1))
    unwilling = drafter(consultation)
    Draft.objects.filter(pk=unwilling.pk).update(wants_reminders=False)
    sent = drafter(consultation)
    submission = submit(
        consultation=consultation, respondent=sent, contents=contents_of(sent), sending_key=sent.sending_key
    ).submission
    note_sent(sent, submission)
    assert reminders.queue_due_reminders() == 0
    # What was changed after sending is not sent as it stands, so its drafter is told.
    sent.refresh_from_db()
    saving.save_content(sent, theme(consultation, 2), Content("More."), at=database_now())
    assert reminders.queue_due_reminders() == 1


def test_an_extension_is_told_once_also_to_those_who_sent(consultation):
    writing, done = drafter(consultation), drafter(consultation, email="done@example.org")
    gone = drafter(consultation, email="gone@example.org")
    for draft in (done, gone):
        submission = submit(
            consultation=consultation,
            respondent=draft,
            contents=contents_of(draft),
            sending_key=draft.sending_key,
        ).submission
        note_sent(draft, submission)
    withdraw(submission)
    reminders.queue_due_reminders()
    Reminder.objects.all().delete()
    Mail.objects.all().delete()
    extension = cutoff_changes.move_cutoff(
        consultation_id=consultation.pk, closes_at=database_now() + 10 * DAY, reason="More time.", by=None
    )
    assert reminders.queue_due_reminders() == 2
    assert result() == [("extension", "amina@example.org"), ("extension", "done@example.org")]
    assert reminders.queue_due_reminders() == 0
    outbox.send_due()
    first, second = mail.outbox
    assert "More time." in first.body
    assert "What you have sent counts." in second.body
    assert "What you have sent counts." not in first.body
    assert keys.link_for_mail(writing) in first.body
    # Moved once more, it is told once more, and the change in between is no news.
    cutoff_changes.move_cutoff(
        consultation_id=consultation.pk, closes_at=extension.new_cutoff + DAY, reason="And more.", by=None
    )
    assert reminders.queue_due_reminders() == 2


def test_an_old_extension_is_no_news(consultation):
    extension = cutoff_changes.move_cutoff(
        consultation_id=consultation.pk, closes_at=database_now() + 10 * DAY, reason="More time.", by=None
    )
    drafter(consultation)
    type(extension).objects.update(announced_at=database_now() - reminders.NEWS - SLACK)
    assert reminders.queue_due_reminders() == 0


def test_the_mail_is_in_the_drafters_language_and_has_the_link(consultation):
    draft = drafter(consultation)
    put_cutoff_in(consultation, 2 * DAY)
    reminders.queue_due_reminders()
    outbox.send_due()
    (sent,) = mail.outbox
    assert sent.subject == f"Three days left, and not sent yet: {consultation.title}"
    assert keys.link_for_mail(draft) in sent.body
    assert "Written." not in sent.body
