"""Mail to the address that ours come from: reports of what did not arrive, and what people write in answer.

It comes from the mailbox of that address (mailbox.py), or from a mail server's pipe (`manage.py receive_mail`).
"""

import email
import email.policy
from email.message import EmailMessage
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from submissions.mail.bounces import note_bounce
from submissions.mail.outbox import sender
from wsis.one_line import one_line

MAX_BYTES = 10_000_000
MAX_SUBJECT_CHARACTERS = 120
_BY_MACHINES = {"bulk", "junk", "list", "auto_reply"}


class Outcome(StrEnum):
    """What became of a mail that came in."""

    BOUNCE = "It reports that a mail of ours did not arrive: noted."
    PASSED_ON = "Passed on to CONTACT_EMAIL."
    AUTOMATIC = "Written by a machine: nothing to do."
    LEFT = "Left where it is: there is nobody to pass it on to."


def receive(raw: bytes) -> Outcome:
    """Notes a report, and passes on what a person wrote; whoever calls this keeps what is LEFT.

    Raises:
        OSError: the mail server that is to pass it on is away, or refuses it (smtplib.SMTPException).
    """
    if note_bounce(raw) is not None:
        return Outcome.BOUNCE
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or _is_automatic(message):
        return Outcome.AUTOMATIC
    if not _can_pass_on():
        return Outcome.LEFT
    _pass_on(raw, message)
    return Outcome.PASSED_ON


def _header(message: EmailMessage, name: str) -> str:
    """Whatever stands there, in one line; strangers write headers that no parser understands."""
    try:
        return one_line(str(message.get(name, "")))
    except Exception:  # noqa: BLE001 - the parser of the standard library raises all sorts of things on bad headers
        return ""


def _is_automatic(message: EmailMessage) -> bool:
    """After RFC 3834: reports, automatic answers, lists. Answering or passing these on would make loops."""
    return (
        not message.keys()
        or message.get_content_type() == "multipart/report"
        or _header(message, "Auto-Submitted").casefold() not in {"", "no"}
        or _header(message, "Precedence").casefold() in _BY_MACHINES
        or _header(message, "Return-Path") == "<>"
        or "List-Id" in message
    )


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _can_pass_on() -> bool:
    """To ourselves it would come back for ever."""
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].casefold()
    return bool(settings.CONTACT_EMAIL) and settings.CONTACT_EMAIL.casefold() != ours


def _pass_on(raw: bytes, message: EmailMessage) -> None:
    """The whole mail as an attachment; an answer goes to whoever wrote it."""
    author, subject = _header(message, "From"), _header(message, "Subject")
    address = parseaddr(_header(message, "Reply-To") or author)[1]
    passed_on = mail.EmailMessage(
        subject=_("In answer to an e-mail of ours: %(subject)s") % {"subject": subject[:MAX_SUBJECT_CHARACTERS]},
        body=_(
            "%(author)s wrote to the address that the consultation’s e-mails come from. What they wrote is attached; "
            "an answer to this e-mail goes to them."
        )
        % {"author": author or _("Somebody")},
        from_email=sender(),
        to=[settings.CONTACT_EMAIL],
        reply_to=[address] if _is_address(address) else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    passed_on.attach("message.eml", raw, "message/rfc822")
    passed_on.send()
