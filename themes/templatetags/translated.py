"""What is asked, in the reader's language: `{{ theme.title|translated }}`. A built-in of every template.

Titles, prompts and the introduction stand in the database, where staff edit them. The catalogue holds translations of
the words that were seeded; a text that was edited since has none, and is shown as it was written.
"""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def translated(text: str) -> str:
    # gettext answers an empty text with the catalogue's own header.
    return gettext(text.replace("\r\n", "\n")) if text else ""
