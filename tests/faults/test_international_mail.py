"""Addresses with letters of any script before the @, where the mail server takes them (RFC 6531)."""

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ValidationError

from submissions.mail import outbox
from submissions.models import Mail, Submission
from tests.factories import send
from tests.faults.mail_server import MailServer
from tests.stack import free_port
from tests.visitor import ANSWERS, HOME, write
from wsis.one_line import OneLineEmailFormField

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = ["用户@example.org", "amina.otiéno@example.org", "δοκιμή@παράδειγμα.δοκιμή", "उपयोगकर्ता@example.org"]
NEVER = ["用 户@example.org", "用户@", "用(户@example.org", "用户", "@example.org", "用@户@example.org"]


@pytest.fixture
def smtp(settings, request):
    """A mail server that takes them, or does not."""
    takes_them = getattr(request, "param", True)
    handler = MailServer()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, enable_SMTPUTF8=takes_them)
    controller.start()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "wsis.smtp.EmailBackend",
        "127.0.0.1",
        handler.port,
    )
    yield handler
    controller.stop()


@pytest.mark.parametrize("address", ADDRESSES)
def test_from_the_form_to_the_mail_server(client, consultation, smtp, settings, address):
    settings.MAIL_SMTPUTF8 = True
    write(client, 1, "Our view.")
    client.post(f"{HOME}about-you/", {**ANSWERS, "email": address})
    assert client.post(f"{HOME}send/").status_code == 303
    assert Submission.objects.get().email == address
    assert outbox.send_due() == 1
    name, _at, domain = address.rpartition("@")
    sent_to = f"{name}@{domain.encode('idna').decode()}"
    assert [to for to, _id in smtp.got] == [sent_to]
    (message,) = smtp.messages
    # As bytes of UTF-8, and no encoded word.
    assert f"To: {sent_to}\r\n".encode() in smtp.contents[0]
    assert message["Message-ID"] == Mail.objects.get().message_id
    assert message["From"].addresses[0].display_name == "The WSIS+20 review secretariat"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")


@pytest.mark.parametrize("address", ADDRESSES)
def test_where_it_takes_none_the_form_says_why(client, consultation, settings, address):
    write(client, 1, "Our view.")
    page = client.post(f"{HOME}about-you/", {**ANSWERS, "email": address})
    assert list(page.context["form"].errors["email"]) == [
        str(OneLineEmailFormField.default_error_messages["local_part"])
    ]


@pytest.mark.parametrize("address", NEVER)
def test_what_is_no_address_anywhere_is_refused(settings, address):
    settings.MAIL_SMTPUTF8 = True
    with pytest.raises(ValidationError):
        OneLineEmailFormField().clean(address)


@pytest.mark.parametrize("smtp", [False], indirect=True)
def test_a_server_that_takes_none_after_all_gives_up_that_mail_alone(consultation, smtp, settings):
    settings.MAIL_SMTPUTF8 = True
    send(consultation)
    send(consultation)
    first, second = Mail.objects.order_by("due_at", "pk")
    Mail.objects.filter(pk=first.pk).update(recipient=ADDRESSES[0])
    assert outbox.send_due() == 1
    first.refresh_from_db()
    assert first.failed_at is not None
    assert "SMTPUTF8" in first.last_error
    assert [message_id for _to, message_id in smtp.got] == [second.message_id]
