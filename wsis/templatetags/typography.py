"""`{% label_value _("Reference") submission.reference|ltr %}` on a page, `|ltr_text` in plain text."""

from collections.abc import Iterable
from datetime import datetime

from django import template

from wsis import typography

register = template.Library()


@register.simple_tag
def label_value(label: str, value: object) -> str:
    return typography.label_value(label, value)


@register.filter
def short_datetime(at: datetime | None) -> str:
    return typography.short_datetime(at) if at else ""


@register.filter
def ltr(text: object) -> str:
    return typography.left_to_right(text)


@register.filter
def ltr_text(text: object) -> str:
    return typography.left_to_right_text(text)


@register.filter
def list_in_words(items: Iterable[object]) -> str:
    return typography.list_in_words(items)
