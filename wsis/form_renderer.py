"""Draws the plain widgets of forms without templates: a page of ours has a dozen, and three templates to each.

Everything else is drawn by its template. tests/wsis/test_form_renderer.py compares the two, widget by widget.
"""

from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

INPUTS = {f"django/forms/widgets/{name}.html" for name in ("text", "email", "hidden", "number", "url", "checkbox")}
TEXTAREA = "django/forms/widgets/textarea.html"


class FormRenderer(TemplatesSetting):
    """Django's renderer by the project's templates, with a short cut for one-line fields and text areas."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if template_name in INPUTS:
            return _input(context["widget"])
        if template_name == TEXTAREA:
            return _textarea(context["widget"])
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 - a template's


def _input(widget: dict[str, Any]) -> SafeString:
    # What is left-to-right in every language.
    direction = ' dir="ltr"' if widget["type"] in {"email", "url"} else ""
    value = "" if widget["value"] is None else f' value="{_escaped(widget["value"])}"'
    name = _escaped(widget["name"])
    return mark_safe(f'<input type="{widget["type"]}" name="{name}"{direction}{value}{_attributes(widget["attrs"])}>')  # noqa: S308 - escaped


def _textarea(widget: dict[str, Any]) -> SafeString:
    text = _escaped(widget["value"]) if widget["value"] else ""
    name = _escaped(widget["name"])
    return mark_safe(f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{text}</textarea>')  # noqa: S308 - escaped


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        f" {_escaped(name)}" + ("" if value is True else f'="{_escaped(value)}"')
        for name, value in attributes.items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    """As Django's `conditional_escape`, which first asks whether the text is one that is translated later."""
    return str(value) if hasattr(value, "__html__") else escape(str(value))
