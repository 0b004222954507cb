import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail as sent_mail
from django.db import connections, transaction

from submissions.drafts import keys, saving
from submissions.mail import outbox
from submissions.mail.messages import queue_link
from submissions.models import Mail
from submissions.sending.withdraw import withdraw
from tests.factories import ENGLISH, send
from tests.threads import at_once
from themes.intake import database_now

pytestmark = pytest.mark.django_db(transaction=True)


class Refusing:
    """A mail server that answers as told."""

    error: Exception = OSError("connection refused")

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise self.error


def test_sends_each_receipt_once(consultation):
    submission = send(consultation, {1: ENGLISH}).submission
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    (message,) = sent_mail.outbox
    stored = Mail.objects.get()
    assert message.to == ["amina@example.org"]
    assert message.extra_headers["Message-ID"] == stored.message_id
    assert submission.reference in message.body
    assert submission.content_sha256 in message.body
    assert (stored.attempts, stored.failed_at) == (1, None)
    assert stored.sent_at is not None


def test_a_dead_mail_server_delays_and_loses_nothing(consultation, settings, monkeypatch):
    send(consultation)
    settings.EMAIL_BACKEND = "tests.submissions.mail.test_outbox.Refusing"
    assert outbox.send_due() == 0
    waiting = Mail.objects.get()
    assert (waiting.attempts, waiting.sent_at, waiting.failed_at) == (1, None, None)
    assert waiting.last_error == "OSError: connection refused"
    assert timedelta(seconds=25) < waiting.due_at - database_now() <= timedelta(seconds=30)
    assert outbox.send_due() == 0
    assert Mail.objects.get().attempts == 1  # not due yet
    Mail.objects.update(due_at=database_now())
    outbox.send_due()
    again = Mail.objects.get()
    assert timedelta(seconds=55) < again.due_at - database_now() <= timedelta(seconds=60)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Mail.objects.update(due_at=database_now())
    assert outbox.send_due() == 1
    assert len(sent_mail.outbox) == 1


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"amina@example.org": (550, b"no such user")}),
        smtplib.SMTPDataError(554, b"refused"),
    ],
)
def test_a_final_answer_is_marked_and_not_tried_again(consultation, settings, monkeypatch, error):
    send(consultation)
    settings.EMAIL_BACKEND = "tests.submissions.mail.test_outbox.Refusing"
    monkeypatch.setattr(Refusing, "error", error)
    assert outbox.send_due() == 0
    failed = Mail.objects.get()
    assert failed.failed_at is not None
    assert "55" in failed.last_error
    Mail.objects.update(due_at=database_now())
    outbox.send_due()
    assert Mail.objects.get().attempts == 1


def test_a_refusal_for_now_is_tried_again(consultation, settings, monkeypatch):
    send(consultation)
    settings.EMAIL_BACKEND = "tests.submissions.mail.test_outbox.Refusing"
    monkeypatch.setattr(Refusing, "error", smtplib.SMTPDataError(451, b"try later"))
    outbox.send_due()
    assert Mail.objects.get().failed_at is None


def test_gives_up_after_the_last_attempt(consultation, settings):
    send(consultation)
    settings.EMAIL_BACKEND = "tests.submissions.mail.test_outbox.Refusing"
    Mail.objects.update(attempts=outbox.MAX_ATTEMPTS - 1)
    outbox.send_due()
    assert Mail.objects.get().failed_at is not None


def test_one_refused_mail_does_not_hold_up_the_next(consultation, settings, monkeypatch):
    send(consultation, email="first@example.org")
    send(consultation, email="second@example.org")
    seen = []

    def some(mail):
        seen.append(mail.recipient)
        if mail.recipient == "first@example.org":
            raise smtplib.SMTPRecipientsRefused({mail.recipient: (550, b"no such user")})

    monkeypatch.setattr(outbox, "_send", some)
    assert outbox.send_due() == 1
    assert seen == ["first@example.org", "second@example.org"]


def test_a_worker_killed_while_sending_frees_the_mail_with_the_lease(consultation, monkeypatch):
    send(consultation)

    def die(mail):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "_send", die)
        with pytest.raises(KeyboardInterrupt):
            outbox.send_due()
    taken = Mail.objects.get()
    assert (taken.attempts, taken.sent_at) == (1, None)
    assert outbox.send_due() == 0  # leased
    Mail.objects.update(due_at=database_now())
    assert outbox.send_due() == 1


def test_a_mail_that_kills_its_worker_is_given_up(consultation):
    send(consultation)
    Mail.objects.update(attempts=outbox.MAX_ATTEMPTS)
    assert outbox.send_due() == 0
    assert Mail.objects.get().failed_at is not None
    assert sent_mail.outbox == []


def test_two_sweeps_at_once_send_each_mail_once(consultation):
    for number in range(12):
        send(consultation, email=f"n{number}@example.org")

    at_once(*[outbox.send_due] * 4)
    assert sorted(message.to[0] for message in sent_mail.outbox) == sorted(f"n{n}@example.org" for n in range(12))


def test_a_server_that_is_away_ends_the_sweep(consultation, monkeypatch):
    """Each try costs a time-out, and the closing waits for the same worker."""
    for number in range(5):
        send(consultation, email=f"n{number}@example.org")
    tried = []

    def down(mail):
        tried.append(mail.recipient)
        raise TimeoutError("timed out")

    monkeypatch.setattr(outbox, "_send", down)
    assert outbox.send_due() == 0
    assert len(tried) == 1


def test_a_wrong_password_of_ours_costs_nobody_a_receipt(consultation, settings, monkeypatch):
    send(consultation)
    settings.EMAIL_BACKEND = "tests.submissions.mail.test_outbox.Refusing"
    monkeypatch.setattr(Refusing, "error", smtplib.SMTPAuthenticationError(535, b"bad credentials"))
    outbox.send_due()
    assert Mail.objects.get().failed_at is None


@pytest.mark.parametrize("error", [None, OSError("connection refused")])
def test_withdrawn_while_its_receipt_is_being_sent(consultation, monkeypatch, error):
    """The withdrawal gave the receipt up: whatever the mail server answers then, it stays so; nothing empty goes."""
    submission = send(consultation).submission

    def slow(mail):
        withdraw(submission)
        if error:
            raise error

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(outbox, "_send", slow)
        meanwhile.setattr(outbox, "SWEEP_SECONDS", 0.001)
        outbox.send_due()
    receipt, goodbye = Mail.objects.order_by("pk")
    assert (receipt.body, receipt.failed_at is not None, receipt.sent_at) == ("", True, None)
    Mail.objects.update(due_at=database_now())
    sent_mail.outbox.clear()
    outbox.send_due()
    assert [message.subject for message in sent_mail.outbox] in ([goodbye.subject], [])
    assert all(message.body for message in sent_mail.outbox)


def test_a_withdrawal_waits_for_a_mail_that_is_sent_again_and_finds_the_copy(consultation):
    """Two connections: the copy is made, not committed yet, and the stakeholder withdraws."""
    submission = send(consultation).submission
    outbox.send_due()
    result: list[str] = []

    def take_back():
        try:
            withdraw(submission)
            result.append("withdrawn")
        finally:
            connections.close_all()

    with transaction.atomic():
        assert len(outbox.send_again(Mail.objects.all())[1]) == 1
        stakeholder = threading.Thread(target=take_back)
        stakeholder.start()
        stakeholder.join(1)
        assert result == []
    stakeholder.join(10)
    assert result == ["withdrawn"]
    bodies = Mail.objects.exclude(subject__startswith="You withdrew").values_list("body", flat=True)
    assert list(bodies) == ["", ""]


def test_a_mail_sent_again_when_its_draft_is_gone_holds_no_mark(consultation):
    draft = saving.start_draft(consultation, at=database_now())
    queue_link(draft, "a@example.org", at=database_now())
    Mail.objects.update(submission=send(consultation).submission)
    draft.delete()
    Mail.objects.filter(subject__startswith="We received").delete()
    outbox.send_due()
    assert outbox.send_again(Mail.objects.all())[0] == 0
    assert Mail.objects.filter(sent_at=None).count() == 1
    outbox.send_due()
    assert len(sent_mail.outbox) == 2
    assert not any(keys.LINK_MARK in message.body for message in sent_mail.outbox)


def test_given_up_can_be_tried_again(consultation, admin_client):
    for _turn in range(2):
        send(consultation)
    Mail.objects.update(attempts=outbox.MAX_ATTEMPTS, failed_at=database_now())
    chosen = {"action": "send_again", "_selected_action": [mail.pk for mail in Mail.objects.all()]}
    page = admin_client.post("/admin/submissions/mail/", chosen).content.decode()
    assert "This sends 2 e-mails once more." in page
    assert "They go to 1 address" not in page
    assert outbox.send_due() == 0  # nothing before it is confirmed
    admin_client.post("/admin/submissions/mail/", {**chosen, "confirm": "1"})
    assert outbox.send_due() == 2
    # What went out goes out once more as a mail of its own, and once for each press.
    admin_client.post("/admin/submissions/mail/", {**chosen, "confirm": "1"})
    assert (Mail.objects.count(), outbox.send_due()) == (4, 2)
