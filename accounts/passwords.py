"""What is no password of the workspace, however long it is."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What everybody who knows the site would try first.
_OBVIOUS = (
    *("admin", "administrator", "consultation", "elements", "manager", "paper", "password", "reviewer", "review"),
    *("secretariat", "secretary", "stakeholder", "submission", "summit", "unesco", "united", "nations", "welcome"),
    *("wsis", "workspace", "login", "letmein", "qwerty", "the", "of", "and", "for", "my"),
)
_MIN_DIFFERENT = 6
_WORDS = re.compile("|".join(sorted(_OBVIOUS, key=len, reverse=True)))


class ObviousPasswordValidator:
    """Refuses few different characters, and the site's own words with nothing but digits and marks around them."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password)) < _MIN_DIFFERENT:
            raise ValidationError(_("It repeats a few characters. Use a sentence, or several words."), code="repeats")
        letters = re.sub(r"[\W\d_]", "", password.casefold())
        if not _WORDS.sub("", letters):
            raise ValidationError(_("It is made of words that anybody would try here."), code="obvious")

    def get_help_text(self) -> str:
        return _("Not the words of this site, and not a few characters again and again.")
