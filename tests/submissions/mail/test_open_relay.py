"""Anybody can give anybody's address: no mail carries a stranger's words, and no mailbox is filled with ours."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as sent_mail

from submissions.mail import confirm_links, outbox
from submissions.mail.mailboxes import mailbox_of
from submissions.mail.messages import queue_late_access, queue_link
from submissions.models import Draft, EmailConfirmation, Mail, Submission
from submissions.sending import confirmation
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content, ProposedWording
from tests.factories import make_late_access, send
from tests.roles import owner_connection
from tests.threads import at_once
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STRANGER: dict[str, Any] = {
    "organisation": "ORGANISATION buy at evil.example",
    "contact_name": "NAME\r\nBcc: all@example.org",
}
WRITTEN = Content("TEXT https://evil.example/", (ProposedWording("PARAGRAPH", "WORDING", "REASON"),))
WORDS = ("ORGANISATION", "NAME", "Bcc", "evil", "TEXT", "PARAGRAPH", "WORDING", "REASON")


def test_the_first_mail_says_nothing_that_a_stranger_wrote(consultation):
    sent = send(consultation, {1: WRITTEN, 2: "TEXT again"}, **STRANGER).submission
    (notice,) = Mail.objects.all()
    assert [word for word in WORDS if word in notice.body + notice.subject] == []
    words = sum(sent.contributions.values_list("words", flat=True))
    assert f"Areas written on: 2\nWords: {words}\n" in notice.body
    assert sent.reference in notice.body
    assert notice.draft is None  # whose private link a mail may carry
    # The receipt follows the confirmation, once; the name is one line of it.
    for _turn in range(2):
        confirmation.confirm(EmailConfirmation.objects.get())
    notice, receipt = Mail.objects.order_by("pk")
    assert [word for word in WORDS if word not in receipt.body] == []
    assert "Name: NAME Bcc: all@example.org\n" in receipt.body


def test_what_confirms_is_stored_nowhere(consultation):
    """Neither the database nor a stored mail has it: it is signed when the mail goes."""
    sent = send(consultation, {1: WRITTEN}).submission
    outbox.send_due()
    (message,) = sent_mail.outbox
    (token,) = re.findall(r"/confirm/(\S+)/", str(message.body))
    assert confirmation.find(consultation, token) == EmailConfirmation.objects.get()
    with owner_connection() as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = {
            table
            for (table,) in tables
            if owner.execute(f"SELECT 1 FROM {table} t WHERE strpos(t::text, %s) > 0", [token]).fetchall()
        }
    assert found == set()
    # Another submission's number with this signature confirms nothing.
    forged = token.replace(str(sent.pk), str(sent.pk + 1), 1)
    assert confirmation.find(consultation, forged) is None


def test_what_was_withdrawn_is_mailed_to_nobody_who_confirms(client, consultation):
    sent = send(consultation, {1: WRITTEN}).submission
    row = EmailConfirmation.objects.get()
    withdraw(sent)
    page = client.post(confirm_links.link_to(sent), follow=True).content.decode()
    assert "Your address is confirmed" in page
    assert "The receipt is mailed" not in page
    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert [mail for mail in Mail.objects.all() if "TEXT" in mail.body] == []


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Amina+1@Example.org", "amina@example.org"),
        (" amina+a+b@example.org", "amina@example.org"),
        ("a.mi.na+x@gmail.com", "amina@gmail.com"),
        ("amina@GoogleMail.com", "amina@gmail.com"),
        ("a.mina@example.org", "a.mina@example.org"),
        ("+tag@example.org", "@example.org"),
    ],
)
def test_one_mailbox_however_it_is_written(address, mailbox):
    assert mailbox_of(address) == mailbox


def test_so_many_an_hour_to_one_mailbox_and_the_rest_waits(consultation):
    """The probe: 31 sendings with one address, each with another tag."""
    for turn in range(31):
        send(consultation, email=f"victim+{turn}@example.org")
    send(consultation, email="somebody.else@example.org")
    hours = 0
    began = database_now()
    while Mail.objects.filter(sent_at__isnull=True).exists():
        outbox.send_due()
        to_victim = [message for message in sent_mail.outbox if "victim" in message.to[0]]
        assert len(to_victim) == min(10 * (hours + 1), 31)
        assert sent_mail.outbox.index(next(m for m in sent_mail.outbox if "somebody" in m.to[0])) <= 10
        waiting = Mail.objects.filter(sent_at__isnull=True)
        assert all(timedelta(minutes=59) < mail.due_at - began < timedelta(minutes=62) for mail in waiting)
        assert all((mail.attempts, mail.last_error) == (0, "") for mail in waiting)
        # An hour goes by.
        for mail in Mail.objects.all():
            begun_at = mail.begun_at and mail.begun_at - outbox.MAILBOX_PERIOD
            Mail.objects.filter(pk=mail.pk).update(begun_at=begun_at, due_at=mail.due_at - outbox.MAILBOX_PERIOD)
        hours += 1
    assert hours == 4
    assert len(sent_mail.outbox) == 32


def test_every_kind_of_mail_counts(consultation, admin_user):
    for turn in range(8):
        send(consultation, email=f"victim+{turn}@example.org")
    for turn in range(5):
        draft = Draft.objects.create(
            consultation=consultation, key_hash=f"{turn}", created_at=database_now(), saved_at=database_now()
        )
        queue_link(draft, f"victim+link{turn}@example.org", at=database_now())
    queue_late_access(make_late_access(consultation, admin_user, email="VICTIM@example.org"), at=database_now())
    assert Mail.objects.count() > 10
    outbox.send_due()
    assert len(sent_mail.outbox) == 10


def test_two_sweeps_share_one_mailboxs_places(consultation):
    for turn in range(25):
        send(consultation, email=f"victim+{turn}@example.org")

    at_once(*[outbox.send_due] * 4)
    assert len(sent_mail.outbox) == 10
    assert Mail.objects.filter(sent_at__isnull=False).count() == 10


def test_a_changed_address_tells_the_one_before(consultation):
    first = send(consultation, email="amina@example.org").submission
    # Of an address that nobody confirmed nobody knows whose it is.
    second = send(consultation, {1: "Again."}, amends=first.reference, email="boris@example.org").submission
    assert Mail.objects.filter(subject__contains="Another address").count() == 0
    confirmation.confirm(EmailConfirmation.objects.get(submission=second))
    send(consultation, {1: "Third."}, amends=first.reference, email="B.Oris+x@example.org")
    third = Mail.objects.filter(subject__contains="Another address").get()
    assert third.recipient == "boris@example.org"
    assert first.reference in third.body
    assert [word for word in (*WORDS, "B.Oris", "Third") if word in third.body] == []
    # Written otherwise, it is the same mailbox.
    latest = Submission.objects.order_by("version").last()
    confirmation.confirm(EmailConfirmation.objects.get(submission=latest))
    send(consultation, {1: "Fourth."}, amends=first.reference, email="b.oris@example.org")
    assert Mail.objects.filter(subject__contains="Another address").count() == 1
