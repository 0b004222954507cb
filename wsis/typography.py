"""How each language puts words together: a label and its value, a list, and what is written from the left anyway."""

from collections.abc import Iterable
from datetime import datetime

from babel import Locale
from babel.lists import format_list
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi, to_locale
from django.utils.translation import gettext as _

# Unicode's isolates: what stands between them is written from the left, whatever stands around it.
LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE = "\u2066", "\u2069"


def locale() -> Locale:
    """Unicode's data for the language in force. “en” alone would be American English."""
    language = get_language() or "en"
    return Locale.parse("en_GB" if language == "en" else to_locale(language))


def label_value(label: str | Promise, value: object) -> str:
    """“Reference: 7K2M-Q4TX-9HCD”, with the colon and the blank of the language in force. Safe if both parts are."""
    pattern = _("%(label)s: %(value)s")
    if isinstance(value, SafeString):
        return format_html(pattern.replace("%(label)s", "{0}").replace("%(value)s", "{1}"), label, value)
    return pattern % {"label": label, "value": value}


def list_in_words(items: Iterable[object]) -> str:
    """“Arabic, French and Russian”. Empty for no items."""
    return format_list([str(item) for item in items], locale=locale())


def short_datetime(at: datetime) -> str:
    """“15 Jul 2027, 12:00 UTC”, as the language in force writes it."""
    return date_format(at, "SHORT_DATETIME_FORMAT")


def left_to_right(text: object) -> SafeString:
    """For a page: a reference, an address or a file's name keeps its order among letters from the right."""
    return format_html('<bdi dir="ltr">{}</bdi>', text) if get_language_bidi() else conditional_escape(str(text))


def left_to_right_text(text: object) -> str:
    """The same for plain text. Not around a link: what finds links in a mail would take the mark for a part of it."""
    return f"{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}" if get_language_bidi() else str(text)
