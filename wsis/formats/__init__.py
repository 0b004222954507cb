"""Dates and times of each language, never a time without its zone.

The months stand here so that the catalogues have them: in Arabic the United Nations write both names, where Django's
own catalogue has one. An instant of the day is told by the 24-hour clock in all six languages.
"""

from django.utils.translation import gettext_noop

MONTHS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)
