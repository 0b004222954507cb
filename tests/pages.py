"""A page as it is read: without the line breaks and the indentation of its template, and with its fields."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse


def squeezed(page: HttpResponse | str) -> str:
    """The HTML with one blank for each run of whitespace, and none at the inner edge of a tag."""
    text = page if isinstance(page, str) else page.content.decode()
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"(?<=>) (?=<)", "", re.sub(r" (?=>)", "", text))


class _FieldReader(HTMLParser):
    """Collects hidden fields, the chosen radio buttons, and each select with its first option."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        is_set = attributes.get("type") == "hidden" or (attributes.get("type") == "radio" and "checked" in attributes)
        if attributes.get("name") and ((tag == "input" and is_set) or tag == "select"):
            self.found.append((attributes["name"] or "", attributes.get("value") or ""))


def fields_of(page: HttpResponse) -> list[tuple[str, str]]:
    """What a browser would send if somebody pressed the page's button at once, but for the token."""
    reader = _FieldReader()
    reader.feed(page.content.decode())
    return [(name, value) for name, value in reader.found if name not in {"csrfmiddlewaretoken", "next"}]
