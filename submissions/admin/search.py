"""What the lists say of a search that finds nothing because a reference was mistyped."""

import re

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from submissions.text.reference import is_reference

# As references are printed: three groups of four signs.
SHAPE = re.compile(r"\w{4}-\w{4}-\w{4}")


def warn_of_mistyped_reference(request: HttpRequest, typed: str) -> None:
    """Says so when a reference cannot be one: a sign in it is wrong, or two are swapped."""
    if request.method != "GET":
        return
    for word in typed.split():
        if SHAPE.fullmatch(word) and not is_reference(word):
            messages.warning(
                request,
                _("“%(word)s” is no reference: a character in it is wrong, or two are swapped.") % {"word": word},
            )
