"""Text of one line, without what nobody sees: names and titles become lines of mails, files and lists.

A line end in a name would be a line of its own in an official mail; an invisible character makes two names out of one.
"""

import re
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, ProhibitNullCharactersValidator
from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    _Char = models.CharField[str, str]
    _Email = models.EmailField[str, str]
else:
    _Char, _Email = models.CharField, models.EmailField

# Joiners inside words: Persian, Hindi and other scripts are written with them.
_JOINERS = "\u200c\u200d"
MAX_EMAIL_CHARACTERS = 254
_LINE_ENDS = {"Cc", "Zl", "Zp"}
# Formats, surrogates, private use and what is not assigned: invisible, or meant for no reader.
_INVISIBLE = {"Cf", "Cs", "Co", "Cn"}


def one_line(text: str) -> str:
    """Line ends and other control characters become a blank, invisible ones go; one blank between words, none around.

    What a name is written with in any script stays as it is, the joiners inside its words too.
    """
    visible = "".join(map(_visible, text))
    return " ".join(word for part in visible.split() if (word := part.strip(_JOINERS)))


def _visible(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in _LINE_ENDS:
        return " "
    return "" if category in _INVISIBLE and sign not in _JOINERS else sign


def _typed(text: str) -> str:
    # Nobody types a NUL: it is refused, and not tidied away.
    ProhibitNullCharactersValidator()(text)
    return one_line(text)


class _NeverCut:
    """No `maxlength` in the page: browsers cut what is pasted there and say nothing. The form says what is too long."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)  # type: ignore[misc]
        return {name: value for name, value in attrs.items() if name != "maxlength"}


class OneLineFormField(_NeverCut, forms.CharField):
    def to_python(self, value: Any) -> str:
        return _typed(super().to_python(value) or "")


# “Amina Otieno <amina@example.org>”, as mail programs copy it.
_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>\s]+)>")
_AROUND_AN_ADDRESS = " \t\"'“”«»()[]<>,;:."


def email_address(typed: str) -> str:
    """The address in what people paste: full-width signs, a name before it, a link of a page, a full stop after it."""
    text = one_line(unicodedata.normalize("NFKC", typed))
    if (named := _NAMED_ADDRESS.fullmatch(text)) is not None:
        text = named[1]
    if text.lower().startswith("mailto:"):
        text = text[len("mailto:") :].partition("?")[0]
    return text.strip(_AROUND_AN_ADDRESS)


def _is_letter_beyond_ascii(sign: str) -> bool:
    return not sign.isascii() and unicodedata.category(sign)[0] in "LMN"


@deconstructible
class EmailAddressValidator(EmailValidator):
    """Django's, and letters of any script before the @ where MAIL_SMTPUTF8 says that our mail server takes them."""

    def __call__(self, value: str | None) -> None:
        name, at, domain = str(value or "").rpartition("@")
        if at and not name.isascii():
            if not settings.MAIL_SMTPUTF8:
                raise ValidationError(OneLineEmailFormField.default_error_messages["local_part"], code="local_part")
            name = "".join("x" if _is_letter_beyond_ascii(sign) else sign for sign in name)
        super().__call__(name + at + domain)


class OneLineEmailFormField(_NeverCut, forms.EmailField):
    default_validators = [EmailAddressValidator()]
    default_error_messages: ClassVar[Any] = {
        "invalid": gettext_lazy("Give a whole e-mail address, like name@example.org."),
        "local_part": gettext_lazy(
            "Our mail server can only write to addresses with plain letters (a to z), digits and signs before the @. "
            "Give another address."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        # As long as a column for one is, which Django's own form field is not.
        super().__init__(**{"max_length": MAX_EMAIL_CHARACTERS, **kwargs})

    def to_python(self, value: Any) -> str:
        return email_address(_typed(super().to_python(value) or ""))


class _OneLineMixin:
    """Whatever writes it, a form, the admin, a shell or a bulk insert: one line is stored."""

    stored_as = ""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return one_line(value) if isinstance(value, str) else value

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As a migration writes it: Django's own field, since the column is the same."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, self.stored_as, args, kwargs


class OneLineField(_OneLineMixin, _Char):
    stored_as = "django.db.models.CharField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": OneLineFormField, **kwargs})


class OneLineEmailField(_OneLineMixin, _Email):
    default_validators = [EmailAddressValidator()]
    stored_as = "django.db.models.EmailField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": OneLineEmailFormField, **kwargs})
