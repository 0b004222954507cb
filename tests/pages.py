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
    """Collects hidden fields, the chosen radio buttons, and each select with its chosen option or its first one."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        is_set = attributes.get("type") == "hidden" or (attributes.get("type") == "radio" and "checked" in attributes)
        if attributes.get("name") and tag == "input" and is_set:
            self.found.append((attributes["name"] or "", attributes.get("value") or ""))
        if tag == "select":
            self.select = attributes.get("name") or ""
        if tag == "option" and self.select:
            option = self.select, attributes.get("value") or ""
            if self.found[-1:] and self.found[-1][0] == self.select and "selected" in attributes:
                self.found[-1] = option
            elif not self.found or self.found[-1][0] != self.select:
                self.found.append(option)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""


def fields_of(page: HttpResponse) -> list[tuple[str, str]]:
    """What a browser would send if somebody pressed the page's button at once, but for the token."""
    reader = _FieldReader()
    reader.feed(page.content.decode())
    return [(name, value) for name, value in reader.found if name not in {"csrfmiddlewaretoken", "next"}]
