"""What comes to the address that our mails come from, read from a real mailbox: nothing of it is dropped."""

import io
import sys
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from submissions.mail import incoming, mailbox, outbox
from submissions.mail.incoming import Outcome
from submissions.models import Mail
from tests.factories import send
from tests.imap_server import ImapServer, imap_server
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

REPORT = (
    "From: MAILER-DAEMON@example.org\r\nTo: consultation@example.org\r\nSubject: Undelivered\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="X"\r\n\r\n'
    "--X\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\n\r\n"
    "--X\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {id}\r\n\r\nText.\r\n--X--\r\n"
)
ANSWER = (
    b"From: Amina =?utf-8?q?Oti=C3=A9no?= <amina@example.org>\r\nTo: consultation@example.org\r\n"
    b"Subject: Re: We received your submission\r\nMessage-ID: <1@example.org>\r\n\r\nMay I add a paragraph?\r\n"
)
VACATION = b"From: a@example.org\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n"


@pytest.fixture(scope="module")
def server():
    with imap_server() as started:
        yield started


@pytest.fixture
def box(server: ImapServer, settings) -> ImapServer:
    """The mailbox, empty."""
    with server.session() as session:
        session.uid("STORE", "1:*", "+FLAGS.SILENT", r"(\Deleted)")
        session.expunge()
    settings.MAILBOX_URL = server.url()
    return server


@pytest.fixture
def smtp(post, settings):
    """The mail server that passes on."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "wsis.smtp.EmailBackend", "127.0.0.1", post.port
    return post


def test_each_kind_has_its_end(box, smtp, consultation):
    send(consultation)
    outbox.send_due()
    smtp.got.clear()
    for raw in (REPORT.format(id=Mail.objects.get().message_id).encode(), ANSWER, VACATION):
        box.deliver(raw)
    assert mailbox.read_mailbox() == {Outcome.BOUNCE: 1, Outcome.PASSED_ON: 1, Outcome.AUTOMATIC: 1}
    assert Mail.objects.get().bounce == "5.1.1"
    (passed_on,) = smtp.messages[-1:]
    assert [address for address, _id in smtp.got] == ["secretariat@example.org"]
    assert passed_on["Reply-To"] == "amina@example.org"
    assert passed_on["Auto-Submitted"] == "auto-generated"
    assert passed_on["Subject"] == "In answer to an e-mail of ours: Re: We received your submission"
    text, original = passed_on.iter_parts()
    assert "Amina Otiéno <amina@example.org> wrote to the address" in text.get_content()
    assert original.get_content()["Message-ID"] == "<1@example.org>"
    assert original.get_content().get_content().strip() == "May I add a paragraph?"
    # Nothing is deleted, and nothing is dealt with twice.
    assert box.flags() == [{r"\Seen"}] * 3
    assert mailbox.read_mailbox() == {}
    assert len(smtp.got) == 1


def test_a_mail_server_that_is_away_loses_nothing(box, smtp, settings):
    settings.EMAIL_PORT = 1
    box.deliver(ANSWER)
    box.deliver(ANSWER)
    assert mailbox.read_mailbox() == {}
    assert box.flags() == [set(), set()]
    settings.EMAIL_PORT = smtp.port
    assert mailbox.read_mailbox() == {Outcome.PASSED_ON: 2}


def test_a_database_that_is_away_loses_no_report(box, smtp, consultation, monkeypatch):
    def fail(raw: bytes) -> None:
        raise OperationalError("the connection is closed")

    send(consultation)
    outbox.send_due()
    box.deliver(REPORT.format(id=Mail.objects.get().message_id).encode())
    with monkeypatch.context() as broken:
        broken.setattr(incoming, "note_bounce", fail)
        assert mailbox.read_mailbox() == {}
    assert box.flags() == [set()]
    assert mailbox.read_mailbox() == {Outcome.BOUNCE: 1}


def test_what_can_be_given_to_nobody_is_kept_for_whoever_opens_the_mailbox(box, smtp, settings, monkeypatch):
    monkeypatch.setattr(mailbox, "MAX_BYTES", 5_000)
    box.deliver(ANSWER + b"x" * 6_000)
    smtp.refuses["secretariat@example.org"] = "550 no"
    box.deliver(ANSWER)
    assert mailbox.read_mailbox() == {Outcome.LEFT: 2}
    # To itself it would come back for ever.
    smtp.refuses.clear()
    settings.CONTACT_EMAIL = "Consultation@example.org"
    settings.DEFAULT_FROM_EMAIL = "The consultation <consultation@example.org>"
    box.deliver(ANSWER)
    assert mailbox.read_mailbox() == {Outcome.LEFT: 1}
    assert box.flags() == [{r"\Flagged"}] * 3
    assert (smtp.got, mailbox.read_mailbox()) == ([], {})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00 no mail",
        b"From: \xff\xfe <x\r\nSubject: =?utf-8?b?////?=\r\n\r\nA person, with a bad program.\r\n",
        b'From: "a" <a@b@c>\r\nReply-To: x\r\nContent-Type: multipart/mixed\r\n\r\nNo boundary.\r\n',
        b"From: a@example.org\r\nContent-Type: text/plain; charset=none-such\r\n\r\n\xe4\xf6\r\n",
        b"Subject: =?x?q?" + b"a" * 3_000 + b"?=\r\n\r\nLong.\r\n",
    ],
)
def test_no_mail_keeps_the_next_one_from_being_read(box, smtp, raw):
    if raw:
        box.deliver(raw)
    box.deliver(ANSWER)
    outcomes = mailbox.read_mailbox()
    assert outcomes.total() == 1 + bool(raw)
    assert outcomes[Outcome.PASSED_ON] >= 1
    assert set() not in box.flags()


def test_two_workers_pass_a_mail_on_once(box, smtp):
    for _n in range(3):
        box.deliver(ANSWER)
    smtp.pause.clear()
    found = []
    first = threading.Thread(target=lambda: found.append(mailbox.read_mailbox()))
    first.start()
    assert smtp.entered.wait(30)
    at_once(lambda: found.append(mailbox.read_mailbox()))
    smtp.pause.set()
    first.join(60)
    assert found == [{}, {Outcome.PASSED_ON: 3}]
    assert len(smtp.got) == 3


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_over_tls(box, smtp, settings, monkeypatch, scheme):
    box.deliver(ANSWER)
    settings.MAILBOX_URL = box.url(scheme)
    # A certificate that nobody vouches for is refused.
    assert mailbox.read_mailbox() == {}
    monkeypatch.setenv("SSL_CERT_FILE", str(box.folder / "certificate.pem"))
    assert mailbox.read_mailbox() == {Outcome.PASSED_ON: 1}


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"scheme": "imaps"}])
def test_a_mailbox_that_does_not_open_is_said_without_its_password(box, settings, caplog, change):
    settings.MAILBOX_URL = box.url(**change)
    assert mailbox.read_mailbox() == {}
    assert "The mailbox was not read" in caplog.text
    assert "s3cret" not in caplog.text
    assert "wrong" not in caplog.text


def test_a_pipe_passes_on_too(smtp, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ANSWER)))
    out = io.StringIO()
    call_command("receive_mail", stdout=out)
    assert out.getvalue() == "Passed on to CONTACT_EMAIL.\n"
    assert [address for address, _id in smtp.got] == ["secretariat@example.org"]


def test_a_pipe_refuses_what_it_cannot_pass_on(settings, monkeypatch):
    settings.CONTACT_EMAIL = ""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ANSWER)))
    with pytest.raises(CommandError, match="Not taken"):
        call_command("receive_mail")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * (incoming.MAX_BYTES + 1))))
    with pytest.raises(CommandError, match="too large"):
        call_command("receive_mail")
