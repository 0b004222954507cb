"""Logs must never carry what a stakeholder wrote.

PostgreSQL's errors quote the offending row ("DETAIL:  Failing row contains (…)"), and a traceback prints
them. The formatter drops those lines; the rest of the message, with the constraint's name, stays.
"""

import logging
import re
from typing import Any

_ROW = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*(?:\n(?![A-Z]+:|Traceback|\s|$).*)*", re.MULTILINE)
_OPENS = re.compile(r"(/(?:late|confirm|invitation)/)[^/\s]+")


def without_links(text: str) -> str:
    """A late access or a confirmation stands in an address, and opens its door to whoever reads it."""
    return _OPENS.sub(r"\1…", text)


def printable(text: str) -> str:
    """One line that no terminal obeys: line ends, escapes and the like as Python writes them."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


class WithoutRows(logging.Formatter):
    """A record is one line; what follows of a traceback begins with a bar, so that nobody forges a record."""

    def format(self, record: logging.LogRecord) -> str:
        safe = logging.makeLogRecord(record.__dict__)
        safe.msg, safe.args = printable(_without_rows(record.getMessage())), None
        safe.exc_text = None
        first, *more = _without_rows(super().format(safe)).split("\n")
        return without_links("\n".join([first, *(f"  | {printable(line)}" for line in more)]))


def _without_rows(text: str) -> str:
    return _ROW.sub(r"\1: (left out of the log)", text)


# To standard error. A setting, which stands here for its length.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "wsis.logs.WithoutRows", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # It names addresses; the workspace's security log says the same without them.
        "axes": {"level": "CRITICAL"},
    },
}
