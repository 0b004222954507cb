"""Radio buttons of a form, each in its label: drawn in Python, since a page with seventeen takes long in templates."""

from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def radios(field: BoundField) -> SafeString:
    """All of the field's choices. The first one carries the id that a message about the field leads to."""
    chosen, is_first = str(field.value() or ""), True
    rows = []
    for value, label in field.field.choices:  # type: ignore[attr-defined]
        first = SafeString("")
        if is_first:
            first = format_html(' id="{}_0"{}', field.auto_id, SafeString(" required" * field.field.required))
            is_first = False
        rows.append((field.html_name, first, value, SafeString(" checked" * (str(value) == chosen)), label))
    return format_html_join(
        "\n",
        '<label class="choice"><input type="radio" name="{}"{} value="{}"{}> <span>{}</span></label>',
        rows,
    )
