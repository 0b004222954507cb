"""A text as it is stored: browsers send CRLF, and a line's end is one character here. Nothing else changes."""


def normalise(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
