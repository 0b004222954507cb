r"""Makes a text inert in a spreadsheet, reversibly.

A spreadsheet runs a cell that begins with one of `= + - @`, their full-width forms, a tab or a line's end, also when
blanks or invisible signs come first; quoting the field does not stop it. Such a text gets one apostrophe in front.
A text that begins with an apostrophe gets one more. So the way back is one rule: take one leading apostrophe away.

`make_inert` is the rule in Python. `NEEDS_MARK` is the same rule for PostgreSQL, where a million rows are marked: both
are made of one list of signs, and a test holds them to the same answers for every sign there is.
"""

import re

MARK = "'"
# Blanks and signs that draw nothing: controls, spaces, zero-width signs, bidi marks, soft hyphen, byte order mark.
# As code points, because what \s means differs between Python and PostgreSQL.
_INVISIBLE = (
    r"\u0001-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_RUN = r"=+@\u2212\uff1d\uff0b\uff0d\uff20-"
_ENDS = r"\u0009\u000a\u000d"
_RUNS = re.compile(rf"[{_INVISIBLE}]*[{_RUN}]|[{_ENDS}]")

# A first look at the first sign alone settles nearly every text, so that long ones are not searched. Both are regular
# expressions of PostgreSQL, the first for `left(text, 1)`, the second for the text.
MAY_NEED_MARK = rf"^['{_INVISIBLE}{_RUN}]"
NEEDS_MARK = rf"^('|[{_INVISIBLE}]*[{_RUN}]|[{_ENDS}])"


def make_inert(text: str) -> str:
    """`text` as it is safe in a cell. `restore(make_inert(text)) == text` for every text."""
    return MARK + text if text.startswith(MARK) or _RUNS.match(text) else text


def restore(cell: str) -> str:
    """The exact text of a cell that `make_inert` wrote."""
    return cell.removeprefix(MARK)
