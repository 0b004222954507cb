"""A select whose options are drawn once for each language: hundreds of them take Django's templates most of a page."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

Choices = Sequence[tuple[str, str]]


class CachedSelect(forms.Select):
    """Drawn as templates/django/forms/widgets/select.html does it, without groups and without attributes of options.

    Args:
        source: gives the choices in the language in force. They may depend on nothing else.
    """

    def __init__(self, source: Callable[[], Choices], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source

    def __deepcopy__(self, memo: dict[int, Any]) -> "CachedSelect":
        copied: CachedSelect = super().__deepcopy__(memo)
        copied.source = self.source
        return copied

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        drawn = _drawn(self.source, get_language() or "")
        # As it stands in the options; what is none of them is chosen by nobody.
        chosen = format_html('<option value="{}"', "" if value is None else value)
        before, found, after = drawn.partition(f"{chosen}>")
        whole = f"{before}{chosen} selected>{after}" if found else drawn
        attributes = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>\n{}\n</select>", attributes, mark_safe(whole))  # noqa: S308 - escaped below


@cache
def _drawn(source: Callable[[], Choices], language: str) -> str:
    """In `language`, which is the one in force."""
    return format_html_join("\n", '<option value="{}">{}', source())
