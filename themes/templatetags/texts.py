"""A consultation's texts on a page: in the reader's language, or marked as what they are. Built in to all templates."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.db import models
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from themes.fields import SOURCE_LANGUAGE, is_translated
from themes.fragments import fragment

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


@register.tag("fragment")
def fragment_of(parser: Parser, token: Token) -> "FragmentNode":
    """`{% fragment theme "head" is_open %} … {% endfragment %}`: drawn once for each language, kept with the row.

    What stands in it depends on the row and on what follows its name, and on nothing else of the page.
    """
    _tag, row, name, *more = token.split_contents()
    nodes = parser.parse(("endfragment",))
    parser.delete_first_token()
    return FragmentNode(
        nodes, parser.compile_filter(row), name.strip("\"'"), [parser.compile_filter(one) for one in more]
    )


class FragmentNode(template.Node):
    def __init__(self, nodelist: Any, row: FilterExpression, name: str, more: list[FilterExpression]) -> None:
        self.nodelist, self.row, self.name, self.more = nodelist, row, name, more

    def render(self, context: Context) -> SafeString:
        key = (self.name, *(one.resolve(context) for one in self.more))
        return fragment(self.row.resolve(context), key, lambda: self.nodelist.render(context))


@register.inclusion_tag("themes/paper_link.html")
def paper_link(consultation: models.Model, css_class: str = "") -> dict[str, Any]:
    """The link to the paper, with what opens: “Read the paper (PDF, English)”."""
    url = str(getattr(consultation, "document_url", ""))
    language = get_language() if is_translated(consultation, "document_url") else SOURCE_LANGUAGE
    kind = PurePosixPath(urlsplit(url).path).suffix[1:].upper()
    name = get_language_info(language or SOURCE_LANGUAGE)["name_translated"]
    facts = _("%(kind)s, %(language)s") % {"kind": kind, "language": name} if kind in {"PDF", "DOCX"} else name
    return {"url": url, "css_class": css_class, "language": language or SOURCE_LANGUAGE, "facts": facts}
