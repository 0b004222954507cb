"""Mail is a row first. It is written with what it tells, and sent afterwards by a sweep of the worker.

So no request waits for a mail server, no mail tells of what was rolled back, and a stopped broker, worker or mail
server delays a mail without losing it. A crash between sending and marking sends one mail twice, with the same
Message-ID; nothing else does.
"""

import smtplib
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from submissions.models import Contribution, Mail, Submission
from themes.intake import DatabaseClock

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
MOST_ATTEMPTS = 48  # with the delays above: about two days
A_SWEEP = 500  # so that a sweep ends well within the task's time limit


def queue_receipt(submission: Submission, contributions: list[Contribution]) -> Mail:
    """Writes the receipt's mail; call it inside the transaction that writes the submission."""
    body = render_to_string(
        "submissions/mail/receipt.txt",
        {"submission": submission, "contributions": contributions, "public_url": settings.PUBLIC_URL},
    )
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return Mail.objects.create(
        submission=submission,
        recipient=submission.email,
        subject=_("Received: %(reference)s") % {"reference": submission.reference},
        body=body,
        message_id=f"<{uuid.uuid4()}@{host}>",
        queued_at=submission.received_at,
        due_at=submission.received_at,
    )


def send_due() -> int:
    """Sends what is due, one mail a transaction. Two sweeps at once share the work.

    Returns:
        How many mails were sent.
    """
    sent = 0
    for _turn in range(A_SWEEP):
        outcome = _send_next()
        if outcome is None:
            break
        sent += outcome
    return sent


def _send_next() -> bool | None:
    """Tries the mail that is due the longest. None when there is none that another sweep does not hold."""
    with transaction.atomic():
        mail = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(sent_at__isnull=True, failed_at__isnull=True, due_at__lte=DatabaseClock())
            .order_by("due_at", "pk")
            .first()
        )
        if mail is None:
            return None
        row = Mail.objects.filter(pk=mail.pk)
        try:
            _send(mail)
        except Exception as error:  # noqa: BLE001 - whatever a mail server does, the row keeps it and the sweep goes on
            attempts = mail.attempts + 1
            final = _is_final(error) or attempts >= MOST_ATTEMPTS
            row.update(
                attempts=attempts,
                last_error=f"{type(error).__name__}: {error}"[:2000],
                failed_at=DatabaseClock() if final else None,
                due_at=DatabaseClock() + min(FIRST_DELAY * 2 ** min(mail.attempts, 20), LONGEST_DELAY),
            )
            return False
        row.update(attempts=F("attempts") + 1, sent_at=DatabaseClock(), last_error="")
        return True


def _send(mail: Mail) -> None:
    EmailMessage(
        subject=mail.subject,
        body=mail.body,
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    ).send()


def _is_final(error: Exception) -> bool:
    """A 5xx answer means never: trying again would only annoy the other side."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600
