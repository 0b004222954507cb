"""The pages of mail: every mail with its state and text, sent again; and reports of mail that came back."""

import io
import sys
from email.message import EmailMessage

import pytest
from django.core.management import call_command

from submissions.mail import bounces, outbox
from submissions.models import ContactView, Flag, Mail
from submissions.review.flags.sweep import raise_flags
from submissions.sending.withdraw import withdraw
from tests.factories import send

pytestmark = pytest.mark.django_db(transaction=True)
WORKSPACE = "/admin/submissions/mail/"


def report(message_id: str, *, action: str = "failed", original: str = "message/rfc822") -> bytes:
    """A report as mail servers write it (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@example.org\r\nTo: consultation@example.org\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="X"\r\n\r\n'
        "--X\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n"
        "--X\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; amina@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user here\r\n\r\n"
        f"--X\r\nContent-Type: {original}\r\n\r\nFrom: consultation@example.org\r\n"
        f"Message-ID: {message_id}\r\nSubject: Received\r\n\r\nText.\r\n--X--\r\n"
    ).encode()


@pytest.fixture
def sent(consultation):
    send(consultation)
    assert outbox.send_due() == 1
    return Mail.objects.get()


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_marks_the_mail_and_raises_the_flag(sent, admin_client, original):
    mail = bounces.note_bounce(report(sent.message_id, original=original))
    assert mail == sent
    assert mail.bounced_at is not None
    assert mail.bounce == "5.1.1 smtp; 550 5.1.1 No such user here"
    first = mail.bounced_at
    assert bounces.note_bounce(report(sent.message_id)).bounced_at == first
    assert admin_client.get(f"{WORKSPACE}?state=bounced").context["cl"].result_count == 1
    assert admin_client.get(f"{WORKSPACE}?state=sent").context["cl"].result_count == 0
    raise_flags()
    assert Flag.objects.filter(kind="bounced").count() == 1


def plain() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Re: Received"
    message.set_content("Thank you!")
    return message.as_bytes()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe no mail",
        plain(),
        report("<unknown@example.org>"),
        report("<unknown@example.org>", action="delayed"),
    ],
)
def test_anything_else_marks_nothing(sent, raw):
    assert bounces.note_bounce(raw) is None
    assert bounces.note_bounce(report(sent.message_id, action="delayed")) is None
    assert Mail.objects.get().bounced_at is None


def test_the_command_reads_standard_input(sent, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report(sent.message_id))))
    out = io.StringIO()
    call_command("receive_mail", stdout=out)
    assert out.getvalue() == "It reports that a mail of ours did not arrive: noted.\n"
    assert Mail.objects.get().bounced_at is not None


def test_the_text_is_read_and_who_read_it_is_noted(sent, admin_client, admin_user):
    page = admin_client.get(f"{WORKSPACE}{sent.pk}/change/").content.decode()
    assert "Is this address yours?" in page
    assert [(one.where, one.what, one.seen_by) for one in ContactView.objects.all()] == [
        ("mail", sent.subject, admin_user)
    ]


def test_sent_again_as_a_mail_of_its_own(sent, admin_client):
    bounces.note_bounce(report(sent.message_id))
    admin_client.post(f"{WORKSPACE}{sent.pk}/resend/")
    old, new = Mail.objects.order_by("pk")
    assert (old.bounced_at is None, new.bounced_at, new.sent_at) == (False, None, None)
    assert (new.body, new.recipient, new.submission) == (old.body, old.recipient, old.submission)
    assert new.message_id != old.message_id
    assert outbox.send_due() == 1


def test_what_was_withdrawn_is_sent_to_nobody_again(sent, admin_client):
    withdraw(sent.submission)
    admin_client.post(f"{WORKSPACE}{sent.pk}/resend/")
    admin_client.post(WORKSPACE, {"action": "send_again", "_selected_action": [sent.pk]})
    assert Mail.objects.filter(submission=sent.submission).count() == 2  # the receipt, and that it was withdrawn
