"""Reads the mailbox of the address that our mails come from, by IMAP (MAILBOX_URL). Nothing in it is deleted.

What was dealt with is marked as read. What nobody can be given is flagged and stays unread, for whoever opens the
mailbox. A mail is marked after it was dealt with, so that a worker that is killed in between deals with it once more.
"""

import imaplib
import logging
import ssl
import time
from collections import Counter
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError

from submissions.mail.incoming import MAX_BYTES, Outcome, receive
from submissions.mail.outbox import is_final
from wsis.single_worker import single_worker

LOCK_SPACE = 0x5753494D  # "WSIM" in ASCII, beside the consultations' locks of themes/lock.py
TIMEOUT = 20  # seconds, for each step
SWEEP_SECONDS = 60
MAX_MAILS = 200  # in one sweep

logger = logging.getLogger(__name__)


def read_mailbox() -> Counter[Outcome]:
    """Deals with what is new; one worker at a time.

    Returns:
        How many mails had which outcome.
    """
    if not settings.MAILBOX_URL:
        return Counter()
    with single_worker(LOCK_SPACE) as has_lock:
        if not has_lock:
            return Counter()
        try:
            with _opened(settings.MAILBOX_URL) as mailbox:
                return _read(mailbox)
        except (OSError, imaplib.IMAP4.error) as error:
            # The next sweep tries again. Neither the address nor its password is in what these say.
            logger.warning("The mailbox was not read: %s: %s", type(error).__name__, error)
            return Counter()


def _opened(url: str) -> imaplib.IMAP4:
    """imaps:// is TLS from the first byte, imap+tls:// is STARTTLS, imap:// is neither: for the same machine."""
    parts = urlsplit(url)
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "imaps":
        mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT)
    else:
        mailbox = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT)
    try:
        if parts.scheme == "imap+tls":
            mailbox.starttls(context)
        mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
        _done(mailbox.select(f'"{unquote(parts.path.strip("/")) or "INBOX"}"'))
    except BaseException:
        mailbox.shutdown()
        raise
    return mailbox


def _read(mailbox: imaplib.IMAP4) -> Counter[Outcome]:
    outcomes: Counter[Outcome] = Counter()
    (found,) = _done(mailbox.uid("SEARCH", "UNSEEN", "UNFLAGGED"))
    ends_at = time.monotonic() + SWEEP_SECONDS
    for uid in found.decode().split()[:MAX_MAILS]:
        if time.monotonic() > ends_at:
            break
        outcome = _outcome(_fetched(mailbox, uid))
        if outcome is None:
            break
        _done(mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Flagged)" if outcome is Outcome.LEFT else r"(\Seen)"))
        outcomes[outcome] += 1
    return outcomes


def _fetched(mailbox: imaplib.IMAP4, uid: str) -> bytes:
    """A mail, and of a larger one a byte more than is taken; PEEK leaves it unread."""
    parts = _done(mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_BYTES + 1}>)"))
    return b"".join(part[1] for part in parts if isinstance(part, tuple))


def _outcome(raw: bytes) -> Outcome | None:
    """None when the database is away, or the mail server that passes mails on: this one waits, and so do the rest."""
    if len(raw) > MAX_BYTES:
        return Outcome.LEFT
    try:
        return receive(raw)
    except Exception as error:  # noqa: BLE001 - what a stranger's mail is made of keeps nobody from the next one
        is_away = isinstance(error, OSError | OperationalError | InterfaceError)
        is_waiting = is_away and not is_final(error)
        logger.warning("A mail to us was not passed on: %s", type(error).__name__)
        return None if is_waiting else Outcome.LEFT


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    """Raises: imaplib.IMAP4.error of what the server refuses."""
    status, parts = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(parts))
    return parts
