"""Makes a text inert in a spreadsheet, reversibly.

A spreadsheet runs a cell that begins with one of `= + - @`, their full-width forms, a tab or a line's end, also when
blanks or invisible signs come first; quoting the field does not stop it. Such a text gets one apostrophe in front.
A text that begins with an apostrophe gets one more. So the way back is one rule: take one leading apostrophe away.
"""

import re

MARK = "'"
# Blanks and signs that draw nothing: spaces, zero-width signs, bidi marks, soft hyphen, byte order mark.
_INVISIBLE = (
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_RUNS = re.compile(rf"(?:{_INVISIBLE}*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|[\t\r\n])")


def make_inert(text: str) -> str:
    """`text` as it is safe in a cell. `restore(make_inert(text)) == text` for every text."""
    return MARK + text if text.startswith(MARK) or _RUNS.match(text) else text


def restore(cell: str) -> str:
    """The exact text of a cell that `make_inert` wrote."""
    return cell.removeprefix(MARK)
