"""The text of one paragraph of a .docx, while it is collected run by run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_ADDRESS_CHARACTERS = 2_000
STRUCK_MARK = "~~"  # stands before and after what is struck through
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')


@dataclass
class ParagraphText:
    """A paragraph as it is collected.

    Attributes:
        pieces: its text, and whether that is struck through.
        fields: those that are open: the instruction of each, and at which piece its result begins.
        cited: the notes that are cited here first, each with its sign.
        has_plain: whether some of it is not bold.
    """

    pieces: list[tuple[str, bool]] = field(default_factory=list)
    fields: list[tuple[list[str], int]] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    has_plain: bool = False

    def since(self, begins: int) -> str:
        return "".join(text for text, _is_struck in self.pieces[begins:])

    def __str__(self) -> str:
        whole = ""
        for text, is_struck in _joined(self.pieces):
            words = text.strip()
            if is_struck and words:
                before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
                text = f"{before}{STRUCK_MARK}{words}{STRUCK_MARK}{after}"  # noqa: PLW2901
            whole += text
        return whole


def _joined(pieces: list[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Neighbours that look alike as one: Word cuts a sentence into runs wherever it was touched."""
    held: list[str] = []
    was_struck = False
    for text, is_struck in pieces:
        if is_struck != was_struck and text:
            yield "".join(held), was_struck
            held, was_struck = [], is_struck
        held.append(text)
    yield "".join(held), was_struck


def link_of_field(instruction: str) -> str:
    """The address that a field links to; empty for any other field."""
    link = _LINK_FIELD.match(instruction)
    return link[1] if link else ""


def unicode_sign(code: str) -> str:
    """The sign of a code that is not a font's own; empty for one that is."""
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ue000" <= sign <= "\uf8ff" or not sign.isprintable() else sign


def address_beside(address: str, shown: str) -> str:
    """“ (https://example.org)” after the words of a link; nothing where they say it themselves."""
    kind, _colon, rest = address.partition(":")
    if kind.lower() not in {"http", "https", "mailto"} or len(address) > MAX_ADDRESS_CHARACTERS:
        return ""
    shown_address = rest.partition("?")[0] if kind.lower() == "mailto" else address
    bare = rest.strip("/") if kind.lower() != "mailto" else shown_address
    return "" if not bare or bare.lower() in shown.lower() else f" ({shown_address})"
