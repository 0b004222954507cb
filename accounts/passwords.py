"""What is no password of the workspace, however long it is."""

import hashlib
import logging
import re
from io import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What everybody who knows the site would try first.
_OBVIOUS = (
    *("admin", "administrator", "consultation", "elements", "manager", "paper", "password", "reviewer", "review"),
    *("secretariat", "secretary", "stakeholder", "submission", "summit", "unesco", "united", "nations", "welcome"),
    *("wsis", "workspace", "login", "letmein", "qwerty", "the", "of", "and", "for", "my"),
)
_MIN_DIFFERENT = 6
MAX_LINE_BYTES = 200

logger = logging.getLogger(__name__)
_WORDS = re.compile("|".join(sorted(_OBVIOUS, key=len, reverse=True)))


class ObviousPasswordValidator:
    """Refuses few different characters, and the site's own words with nothing but digits and marks around them."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password)) < _MIN_DIFFERENT:
            raise ValidationError(_("It repeats a few characters. Use a sentence, or several words."), code="repeats")
        letters = re.sub(r"[\W\d_]", "", password.casefold())
        if not _WORDS.sub("", letters):
            raise ValidationError(_("It is made of words that anybody would try here."), code="obvious")

    def get_help_text(self) -> str:
        return _("Not the words of this site, and not a few characters again and again.")


class BreachedPasswordValidator:
    """Refuses what has leaked elsewhere, by a file on this machine: nothing of a password goes out to be looked up.

    Args:
        path: of a file of SHA-1 hashes in order, one a line with ":" and a number after it, as Have I Been Pwned
            offers it (tens of gigabytes: it is searched on the disk). Empty: nothing is refused.
    """

    def __init__(self, path: str = "") -> None:
        self.path = path

    def validate(self, password: str, user: Any = None) -> None:
        if not self.path:
            return
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        try:
            with Path(self.path).open("rb") as hashes:
                is_breached = _is_in(hashes, wanted)
        except OSError as error:
            # Nobody is kept out of their work by a disk; `check --deploy` names a file that is not there.
            logger.error("BREACH_LIST was not read: %s", type(error).__name__)
            return
        if is_breached:
            message = _("This password has leaked from another site, and is tried by whoever attacks one. Use another.")
            raise ValidationError(message, code="breached")

    def get_help_text(self) -> str:
        return _("Not one that you use elsewhere.")


def _is_in(hashes: BinaryIO, wanted: bytes) -> bool:
    """By halving, so that a file of a billion lines is read at some thirty places."""
    low, high = 0, hashes.seek(0, SEEK_END)
    while low < high:
        middle = (low + high) // 2
        hashes.seek(middle)
        if middle:
            # From the beginning of the next line: this place is in the middle of one.
            hashes.seek(middle - 1)
            hashes.readline(MAX_LINE_BYTES)
        line = hashes.readline(MAX_LINE_BYTES)
        found = line[: len(wanted)].upper()
        if found == wanted:
            return True
        if line and found < wanted:
            low = hashes.tell()
        else:
            high = middle
    return False
