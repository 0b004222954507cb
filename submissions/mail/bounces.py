"""Mail that came back: which of ours it was, and why. A report is read as RFC 3464 says, and by its Message-ID.

What comes to the sender's address comes here first (incoming.py). Nothing is believed of a report but that one mail of
ours did not arrive.
"""

import email
import email.policy
import re
from email.message import EmailMessage

from submissions.models import Mail
from themes.intake import DatabaseClock

MAX_BYTES = 1_000_000
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,118}>)", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(r"^Action:\s*failed", re.IGNORECASE | re.MULTILINE)
_WHY = re.compile(r"^(?:Status|Diagnostic-Code):\s*(.+(?:\n[ \t].+)*)", re.IGNORECASE | re.MULTILINE)


def note_bounce(raw: bytes) -> Mail | None:
    """The mail of ours that a report says was lost, marked as such; None of anything else."""
    message = email.message_from_bytes(raw[:MAX_BYTES], policy=email.policy.default)
    if not isinstance(message, EmailMessage) or message.get_content_type() != "multipart/report":
        return None
    status = _text_of(message, "message/delivery-status")
    if not _FAILED.search(status):
        # Delayed, or delivered: no news.
        return None
    ours = _MESSAGE_ID.search(_text_of(message, "message/rfc822") + _text_of(message, "text/rfc822-headers"))
    mail = Mail.objects.filter(message_id=ours.group(1), sent_at__isnull=False).first() if ours else None
    if mail is not None and mail.bounced_at is None:
        why = " ".join(" ".join(_WHY.findall(status)).split())[:2000]
        Mail.objects.filter(pk=mail.pk, bounced_at__isnull=True).update(bounced_at=DatabaseClock(), bounce=why)
        mail.refresh_from_db()
    return mail


def _text_of(message: EmailMessage, kind: str) -> str:
    """The parts of a kind as they stand, headers and all; what no reader understands is left out."""
    parts = (part for part in message.walk() if part.get_content_type() == kind)
    return "\n".join(part.as_bytes().decode("utf-8", "replace").replace("\x00", "") for part in parts)
