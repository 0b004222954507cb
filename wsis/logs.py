"""Logs must never carry what a stakeholder wrote.

PostgreSQL's errors quote the offending row ("DETAIL:  Failing row contains (…)"), and a traceback prints
them. The formatter drops those lines; the rest of the message, with the constraint's name, stays.
"""

import logging
import re

_ROW = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*(?:\n(?![A-Z]+:|Traceback|\s|$).*)*", re.MULTILINE)
_LATE = re.compile(r"(/late/)[^/\s]+")


def without_links(text: str) -> str:
    """A late-access link stands in an address, and opens the door to whoever reads it."""
    return _LATE.sub(r"\1…", text)


class WithoutRows(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_links(_ROW.sub(r"\1: (left out of the log)", super().format(record)))
