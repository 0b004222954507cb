"""A consultation's texts on a page: in the reader's language, or marked as what they are. Built in to all templates."""

from django import template
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString

from themes.fields import SOURCE_LANGUAGE, is_translated

register = template.Library()


@register.simple_tag
def lang_of(row: models.Model, name: str) -> SafeString:
    """Attributes for what holds the text: none in the page's own language, else its language and direction."""
    if is_translated(row, name):
        return SafeString("")
    return format_html(' lang="{}" dir="ltr"', SOURCE_LANGUAGE)


@register.simple_tag
def are_translated(rows: models.Model | list[models.Model], *names: str) -> bool:
    """Whether the reader gets all of it in their own language."""
    each = rows if isinstance(rows, list) else [rows]
    return all(is_translated(row, name) for row in each for name in names)
