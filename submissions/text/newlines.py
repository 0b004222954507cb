"""Line ends as they are stored: browsers send CRLF, and a line's end is one character here. Nothing else changes."""


def normalise_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
