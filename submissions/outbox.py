"""Mail is a row first. It is written with what it tells, and sent afterwards by a sweep of the worker.

So no request waits for a mail server, no mail tells of what was rolled back, and a stopped broker, worker or mail
server delays a mail without losing it.

A sweep takes a mail by counting the attempt and moving its next one behind a lease, and commits that before it talks
to the mail server. So two sweeps never send the same mail, no transaction waits for a mail server, and a mail that
kills its worker is tried MOST_ATTEMPTS times and no more. A crash between sending and marking sends a mail once more
when the lease ends, with the same Message-ID; nothing else does.
"""

import smtplib
import time
import uuid
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from submissions.admission import links
from submissions.drafts import keys
from submissions.models import Contribution, Draft, LateAccess, Mail, Reminder, Submission
from themes.intake import DatabaseClock
from themes.models import Extension
from themes.templatetags.asked import translated

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
LEASE = timedelta(minutes=5)  # longer than EMAIL_TIMEOUT for every step of one mail
MOST_ATTEMPTS = 48  # with the delays above: about two days
AN_HOUR = timedelta(hours=1)
LINKS_AN_HOUR = 5
# What was emptied by a withdrawal is sent to nobody again.
IS_OUT = Q(sent_at__isnull=False) & ~Q(body="")
IS_GIVEN_UP = Q(failed_at__isnull=False) & ~Q(body="")
A_BATCH = 500  # mails in memory at a time
A_SWEEP = 60  # seconds, so that a long queue or a slow server leaves the worker time for the closing


def queue_receipt(
    submission: Submission, contributions: list[Contribution], *, draft: Draft | None = None, token: str = ""
) -> Mail:
    """Writes the receipt's mail; call it inside the transaction that writes the submission.

    Args:
        draft: whose private link the mail carries.
        token: confirms the address; empty when there is nothing to confirm.
    """
    address = {"slug": submission.consultation.slug, "token": token}
    body = render_to_string(
        "submissions/mail/receipt.txt",
        {
            "submission": submission,
            "contributions": contributions,
            "admission": getattr(submission, "admission", None),
            "public_url": settings.PUBLIC_URL,
            "link": keys.LINK_MARK if draft else "",
            "confirm_url": settings.PUBLIC_URL + reverse("submissions:confirm", kwargs=address) if token else "",
        },
    )
    subject = _("Received: %(reference)s") % {"reference": submission.reference}
    return _queue(
        submission.email, subject=subject, body=body, at=submission.received_at, submission=submission, draft=draft
    )


def queue_withdrawal(submission: Submission, withdrawn_at: datetime) -> Mail:
    """Writes the mail that confirms a withdrawal; call it inside the transaction that writes that."""
    body = render_to_string(
        "submissions/mail/withdrawal.txt",
        {"submission": submission, "withdrawn_at": withdrawn_at, "public_url": settings.PUBLIC_URL},
    )
    subject = _("Withdrawn: %(reference)s") % {"reference": submission.reference}
    # What was withdrawn stays in no mail of ours: neither in those that were sent nor in those that were not.
    receipts = Mail.objects.filter(submission__reference=submission.reference)
    # Somebody who sends one of them again holds it: then the copy is there too, and is emptied like the others.
    list(receipts.select_for_update().order_by("pk").values_list("pk"))
    receipts.filter(sent_at__isnull=True).update(failed_at=withdrawn_at, last_error=_("Withdrawn before it was sent."))
    receipts.update(body="")
    return _queue(submission.email, subject=subject, body=body, at=withdrawn_at, submission=submission)


def queue_link(draft: Draft, recipient: str, *, at: datetime) -> bool:
    """Mails the private link, and keeps the address for reminders.

    Returns:
        False if this draft or this address has had its share for now: the page is open to all, and is not to be a
        nuisance to anybody.
    """
    lately = Mail.objects.filter(submission=None, queued_at__gt=at - AN_HOUR)
    if lately.filter(Q(draft=draft) | Q(recipient__iexact=recipient)).count() >= LINKS_AN_HOUR:
        return False
    body = render_to_string(
        "submissions/mail/link.txt",
        {"consultation": draft.consultation, "link": keys.LINK_MARK, "public_url": settings.PUBLIC_URL},
    )
    with transaction.atomic():
        _queue(recipient, subject=_("Your draft: %(title)s") % _titled(draft), body=body, at=at, draft=draft)
        Draft.objects.filter(pk=draft.pk).update(link_email=recipient)
    return True


def queue_late_access(access: LateAccess, *, at: datetime) -> Mail:
    """The link for one stakeholder who may still send. The text that waits holds a mark in its place."""
    body = render_to_string(
        "submissions/mail/late_access.txt",
        {"access": access, "link": keys.LINK_MARK, "public_url": settings.PUBLIC_URL},
    )
    subject = _("You may still send: %(title)s") % {"title": translated(access.consultation.title)}
    return _queue(access.email, subject=subject, body=body, at=at, late_access=access)


def queue_reminder(
    draft: Draft, recipient: str, kind: Reminder.Kind, *, at: datetime, extension: Extension | None = None
) -> Mail:
    """Call it inside the transaction that records the reminder."""
    subjects = {
        Reminder.Kind.EXTENSION: _("The deadline has changed: %(title)s"),
        Reminder.Kind.THREE_DAYS: _("Three days left, and not sent yet: %(title)s"),
        Reminder.Kind.ONE_DAY: _("One day left, and not sent yet: %(title)s"),
    }
    body = render_to_string(
        "submissions/mail/reminder.txt",
        {
            "consultation": draft.consultation,
            "extension": extension,
            "is_sent": bool(draft.reference),
            "link": keys.LINK_MARK,
            "public_url": settings.PUBLIC_URL,
        },
    )
    return _queue(recipient, subject=subjects[kind] % _titled(draft), body=body, at=at, draft=draft)


def _titled(draft: Draft) -> dict[str, str]:
    return {"title": translated(draft.consultation.title)}


def _queue(
    recipient: str,
    *,
    subject: str,
    body: str,
    at: datetime,
    submission: Submission | None = None,
    draft: Draft | None = None,
    late_access: LateAccess | None = None,
) -> Mail:
    return Mail.objects.create(
        submission=submission,
        draft=draft,
        late_access=late_access,
        has_link=draft is not None or late_access is not None,
        recipient=recipient,
        subject=subject[:250],
        body=body,
        message_id=_new_message_id(),
        queued_at=at,
        due_at=at,
    )


def _new_message_id() -> str:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return f"<{uuid.uuid4()}@{host}>"


def send_due() -> int:
    """Sends what is due. Two sweeps at once share the work.

    Returns:
        How many mails were sent.
    """
    sent, ends_at = 0, time.monotonic() + A_SWEEP
    while time.monotonic() < ends_at and (mail := _take_next()) is not None:
        delivered = _deliver(mail)
        if delivered is None:
            break
        sent += delivered
    return sent


def _take_next() -> Mail | None:
    """Takes the mail that is due the longest, for the time of a lease. None when nothing is due."""
    with transaction.atomic(durable=True):
        mail = (
            Mail.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("draft__consultation", "late_access__consultation")
            .filter(sent_at__isnull=True, failed_at__isnull=True, due_at__lte=DatabaseClock())
            .order_by("due_at", "pk")
            .first()
        )
        if mail is not None:
            mail.attempts += 1
            Mail.objects.filter(pk=mail.pk).update(attempts=mail.attempts, due_at=DatabaseClock() + LEASE)
        return mail


def _deliver(mail: Mail) -> bool | None:
    """Whether it was sent; None when the mail server is away and the sweep had better end."""
    # What was given up meanwhile, since its submission was withdrawn, stays given up.
    row = Mail.objects.filter(pk=mail.pk, failed_at__isnull=True)
    if mail.attempts > MOST_ATTEMPTS:
        # Its worker died each time before it could say why.
        row.update(failed_at=DatabaseClock(), last_error=mail.last_error or _("No attempt ever ended."))
        return False
    try:
        _send(mail)
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the row keeps it and the sweep goes on
        final = _is_final(error) or mail.attempts >= MOST_ATTEMPTS
        row.update(
            last_error=f"{type(error).__name__}: {error}"[:2000],
            failed_at=DatabaseClock() if final else None,
            due_at=DatabaseClock() + min(FIRST_DELAY * 2 ** min(mail.attempts - 1, 20), LONGEST_DELAY),
        )
        return False if _is_about_one_mail(error) else None
    row.update(sent_at=DatabaseClock(), last_error="")
    return True


def _send(mail: Mail) -> None:
    late = links.link_to(mail.late_access) if mail.late_access else ""
    link = late or keys.link_for_mail(mail.draft) or settings.PUBLIC_URL
    # Others have no mark of ours in them. Once: the mark stands before anything that a stakeholder wrote.
    EmailMessage(
        subject=mail.subject,
        body=mail.body.replace(keys.LINK_MARK, link, 1) if mail.has_link else mail.body,
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    ).send()


def _is_final(error: Exception) -> bool:
    """A 5xx answer about this recipient or this text means never: trying again would only annoy the other side.

    A 5xx about ourselves, such as a wrong password, is mended by us, and nobody loses a receipt over it.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def _is_about_one_mail(error: Exception) -> bool:
    """Whether the next mail may fare better. If the server itself is away it will not, and each try takes its time."""
    return isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) or not isinstance(error, OSError)


def try_again(mails: QuerySet[Mail]) -> int:
    """Puts mails that were given up back into the queue. Returns how many."""
    return mails.filter(IS_GIVEN_UP).update(failed_at=None, attempts=0, due_at=DatabaseClock())


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
        gone = mails.filter(IS_OUT).order_by("pk").iterator(chunk_size=A_BATCH)
        while batch := [_copy(mail, at) for mail in islice(gone, A_BATCH)]:
            copies += [copy.pk for copy in Mail.objects.bulk_create(batch)]
    return count, copies


def _copy(mail: Mail, at: datetime) -> Mail:
    same = ("submission_id", "draft_id", "late_access_id", "has_link", "recipient", "subject", "body")
    kept = {name: getattr(mail, name) for name in same}
    return Mail(**kept, message_id=_new_message_id(), queued_at=at, due_at=at)
