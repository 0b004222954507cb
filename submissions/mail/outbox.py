"""Mail is a row first. It is written with what it tells of, and sent afterwards by a sweep of the worker.

So no request waits for a mail server, no mail tells of what was rolled back, and a stopped broker, worker or mail
server delays a mail without losing it.

A sweep claims a mail by counting the attempt and moving its next one behind a lease, and commits that before it talks
to the mail server. So two sweeps never send the same mail, and a mail that kills its worker is tried MAX_ATTEMPTS times
and no more. A crash between sending and marking sends a mail once more when the lease ends, with the same Message-ID;
nothing else does.
"""

import smtplib
import time
import uuid
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from submissions.drafts import keys, late_access
from submissions.mail import confirm_links, reminder_links
from submissions.mail.html import html_of
from submissions.mail.mailboxes import mailbox_of
from submissions.models import Mail
from submissions.queries.confirmed import is_confirmed
from submissions.signals import MailLinks, links_of_mail
from themes.intake import DatabaseClock, database_now
from wsis.claims import backoff, claim

FIRST_DELAY = timedelta(seconds=30)
MAX_DELAY = timedelta(hours=1)
LEASE = timedelta(minutes=5)  # longer than EMAIL_TIMEOUT for every step of one mail
MAX_MAILS_PER_PERIOD = 10  # to one mailbox
MAILBOX_PERIOD = timedelta(hours=1)
MAX_ATTEMPTS = 48  # with the delays above: about two days
BATCH_SIZE = 500  # mails in memory at a time
SWEEP_SECONDS = 60  # so that a long queue or a slow server leaves the worker time for the closing


class NobodyWaits(Exception):
    """Whoever asked for the mail has ended it meanwhile."""


def new_message_id() -> str:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return f"<{uuid.uuid4()}@{host}>"


def send_due() -> int:
    """Sends what is due. Two sweeps at once share the work.

    Returns:
        How many mails were sent.
    """
    sent, ends_at = 0, time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < ends_at and (mail := _claim_next()) is not None:
        delivered = _deliver(mail)
        if delivered is None:
            break
        sent += delivered
    return sent


def _claim_next() -> Mail | None:
    """Takes the mail that is due the longest, for the time of a lease. None when nothing is due."""
    waiting = Mail.objects.filter(sent_at__isnull=True, failed_at__isnull=True, due_at__lte=DatabaseClock())
    shown = ("draft__consultation", "late_access__consultation", "submission__consultation")
    due = waiting.select_related(*shown).order_by("due_at", "pk")
    while (mail := claim(due, lambda attempts: {"due_at": DatabaseClock() + LEASE})) is not None:
        if _begin(mail):
            return mail
    return None


def _begin(mail: Mail) -> bool:
    """Takes one of the mailbox's places in this hour, or puts the mail off until one is free.

    Whoever knows an address can have mail sent to it: a receipt, a link, a reminder. So that nobody's mailbox is filled
    with ours, what is beyond its share waits; nothing is lost.
    """
    with transaction.atomic():
        # Two sweeps with mails for one mailbox count one after the other.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [mail.mailbox])
        now = database_now()
        others = Mail.objects.filter(mailbox=mail.mailbox, begun_at__gt=now - MAILBOX_PERIOD).exclude(pk=mail.pk)
        begun = list(others.order_by("-begun_at").values_list("begun_at", flat=True)[:MAX_MAILS_PER_PERIOD])
        row = Mail.objects.filter(pk=mail.pk)
        if len(begun) < MAX_MAILS_PER_PERIOD:
            row.update(begun_at=now)
            return True
        # Waiting for its turn is no attempt.
        oldest = begun[-1] or now
        row.update(due_at=oldest + MAILBOX_PERIOD, attempts=F("attempts") - 1)
        return False


def _deliver(mail: Mail) -> bool | None:
    """Whether it was sent; None when the mail server is away and the sweep had better end."""
    # What was given up meanwhile, since its submission was withdrawn, stays given up.
    row = Mail.objects.filter(pk=mail.pk, failed_at__isnull=True)
    if mail.attempts > MAX_ATTEMPTS:
        # Its worker died each time before it could say why.
        row.update(failed_at=DatabaseClock(), last_error=mail.last_error or _("No attempt was completed."))
        return False
    try:
        _send(mail)
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the row keeps it and the sweep goes on
        final = is_final(error) or mail.attempts >= MAX_ATTEMPTS
        if isinstance(error, NobodyWaits):
            # Nothing was lost that anybody would want to send again.
            row.update(body="")
        row.update(
            last_error=f"{type(error).__name__}: {error}"[:2000],
            failed_at=DatabaseClock() if final else None,
            due_at=DatabaseClock() + backoff(mail.attempts, first=FIRST_DELAY, longest=MAX_DELAY),
        )
        return False if _is_about_one_mail(error) else None
    row.update(sent_at=DatabaseClock(), last_error="")
    return True


def _send(mail: Mail) -> None:
    others = _links_of_another_app(mail)
    link = others.link if others else _link_in(mail)
    # Others have no mark of ours in them. Once: the mark stands before anything that a stakeholder wrote.
    text = mail.body.replace(keys.LINK_MARK, link, 1) if mail.has_link else mail.body
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=text,
        from_email=sender(),
        to=[mail.recipient],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", **_headers(mail, others)},
    )
    message.attach_alternative(html_of(text), "text/html")
    message.send()


def sender() -> str:
    """Our address with the organiser's name, unless MAIL_FROM has one."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or capfirst(settings.ORGANISER or _("the WSIS+20 review secretariat")), address))


def _headers(mail: Mail, others: MailLinks | None) -> dict[str, str]:
    """What makes a thread of the mails on one submission, and what ends reminders with one click."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    if mail.submission is not None:
        return {"References": f"<{mail.submission.reference}@{host}>"}
    # Only to whom the reminders go: a colleague who was invited ends nobody's.
    is_reminded = mail.draft is not None and mail.mailbox == mailbox_of(mail.draft.link_email or mail.draft.email)
    stop = others.stop if others else reminder_links.link_to(mail.draft) if mail.draft and is_reminded else ""
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if stop else {}


def _links_of_another_app(mail: Mail) -> MailLinks | None:
    if not mail.about:
        return None
    answers: list[Any] = links_of_mail.send(sender=None, mail=mail)
    links: MailLinks | None = next((found for _receiver, found in answers if found is not None), None)
    if links is None:
        raise NobodyWaits(_("Nobody waits for it any more."))
    return links


def _link_in(mail: Mail) -> str:
    """What stands in the place of the mark: a late access, a draft's private link, or what confirms the address."""
    if mail.late_access is not None:
        return late_access.link_to(mail.late_access)
    if mail.draft is not None:
        return keys.link_for_mail(mail.draft) or settings.PUBLIC_URL
    # Of a receipt whose draft is gone the address is confirmed: there is nothing left to open.
    if mail.submission is None or is_confirmed(mail.submission):
        return settings.PUBLIC_URL
    return confirm_links.link_to(mail.submission)


def is_final(error: Exception) -> bool:
    """A 5xx answer about this recipient or this text means never: trying again would only annoy the other side.

    A 5xx about ourselves, such as a wrong password, is mended by us, and nobody loses a receipt over it.
    """
    if isinstance(error, NobodyWaits):
        return True
    if isinstance(error, smtplib.SMTPNotSupportedError):
        # An address with other letters than a to z, and the server takes none.
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def _is_about_one_mail(error: Exception) -> bool:
    """Whether the next mail may fare better. If the server itself is away it will not, and each try takes its time."""
    of_one = smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError | smtplib.SMTPNotSupportedError
    return isinstance(error, of_one) or not isinstance(error, OSError)


def cancel(mails: QuerySet[Mail], *, at: datetime) -> None:
    """Empties mails whose submission was withdrawn, and gives up those that were not sent. Call it in a transaction."""
    # Somebody who sends one of them again holds it: then the copy is there too, and is emptied like the others.
    list(mails.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    mails.filter(sent_at__isnull=True).update(failed_at=at, last_error=_("Withdrawn before it was sent."))
    mails.update(body="")


def try_again(mails: QuerySet[Mail]) -> int:
    """Puts mails that were given up back into the queue. Returns how many."""
    return mails.filter(Mail.WAS_GIVEN_UP).update(failed_at=None, attempts=0, due_at=DatabaseClock())


def send_again(mails: QuerySet[Mail]) -> tuple[int, list[int]]:
    """The same once more: those that were given up wait again, and of those that went out each goes as a mail of its
    own, so that what is known of the first stays. All of them or none.

    Returns:
        How many of them wait again, and the ids of the copies.
    """
    at, copies = timezone.now(), []
    with transaction.atomic():
        # All of them at first and in one order, which is a withdrawal's too: neither waits for the other for ever.
        list(mails.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        count = try_again(mails)
        # Held until the copies are there: a withdrawal meanwhile waits, and finds them.
        gone = mails.filter(Mail.WAS_SENT).order_by("pk").iterator(chunk_size=BATCH_SIZE)
        while batch := [_copy(mail, at) for mail in islice(gone, BATCH_SIZE)]:
            copies += [copy.pk for copy in Mail.objects.bulk_create(batch)]
    return count, copies


def _copy(mail: Mail, at: datetime) -> Mail:
    whose = ("submission_id", "draft_id", "late_access_id", "about", "recipient", "mailbox")
    same = (*whose, "has_link", "subject", "body")
    kept = {name: getattr(mail, name) for name in same}
    return Mail(**kept, message_id=new_message_id(), queued_at=at, due_at=at)
