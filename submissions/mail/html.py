"""A mail's text as HTML: one source for both parts, light, and right from right to left."""

import re

from django.template.loader import render_to_string
from django.utils.html import urlize
from django.utils.safestring import mark_safe

from submissions.text.direction import is_rtl

_RULE = re.compile(r"-{20,}")


def html_of(text: str) -> str:
    """Paragraphs where blank lines part them, line ends as they are, links that can be followed, a rule for a line of
    dashes. Whatever the text holds is text: nothing in it is taken for HTML."""
    blocks = []
    for block in re.split(r"\n[ \t]*\n", text.strip("\n")):
        for part in re.split(rf"(?m)^({_RULE.pattern})$", block):
            if _RULE.fullmatch(part):
                blocks.append("")
            elif part.strip():
                lines = urlize(part.strip("\n"), nofollow=True, autoescape=True)
                # What the text holds is escaped: a link here is urlize's own. It keeps its order among Arabic letters.
                lines = lines.replace("<a href", '<a dir="ltr" href').replace("\n", "<br>\n")
                blocks.append(mark_safe(lines))  # noqa: S308 - escaped by urlize
    return render_to_string("submissions/mail/mail.html", {"blocks": blocks, "is_rtl": is_rtl(text)})
