"""The filters of the workspace's lists: what each means in SQL, and which values can be chosen.

The lists, their exports and the worker that writes one all ask here, so that an export holds what its list showed.
`admin/list_filters.py` shows them in a bar above the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.models import (
    Contribution,
    Submission,
    Way,
    country_name,
    language_name,
)
from submissions.queries.confirmed import has_confirmed_email
from submissions.queries.figures import known_codes
from submissions.queries.totals import word_count
from submissions.text.regions import countries_in, region_label
from themes import zones
from themes.models import Theme
from themes.rounds import consultations

Choices = Sequence[tuple[str, Any]]


class UnknownFilter(ValueError):
    """The filters name something that the list does not know, or that this person may not ask."""


@dataclass(frozen=True)
class Viewer:
    """Who looks at a list, and the moment from which "in the last hour" is counted back."""

    user: Any
    at: datetime


class ListFilter:
    """One filter: its parameter in the list's address, its values, and what each does to a query.

    Attributes:
        parameter: its name in the address.
        title: what it is called in the bar.
        default_label: what the list shows when nothing is chosen.
    """

    parameter: ClassVar[str]
    title: ClassVar[str | Promise]
    default_label: ClassVar[str | Promise] = gettext_lazy("All")

    def choices(self, viewer: Viewer) -> Choices:
        """The values that can be chosen, each with its words."""
        raise NotImplementedError

    def label_of(self, value: str) -> str:
        """The words for a value that stands in an address and is none of the choices."""
        return value

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        """`rows` as far as they match.

        Args:
            value: the one chosen; None for none.
            path: from a row to its submission: empty, or ending in __.

        Raises:
            UnknownFilter: this can be no value of it.
        """
        raise NotImplementedError


class CodeFilter(ListFilter):
    """By a code that there are many of: those that occur, by their names.

    Attributes:
        counted: what the worker counts them as (figures.py).
    """

    counted: ClassVar[str]

    def name_of(self, code: str) -> str:
        raise NotImplementedError

    def choices(self, viewer: Viewer) -> Choices:
        codes = known_codes(self.counted)
        if codes is None:
            codes = set(Submission.objects.order_by().values_list(self.parameter, flat=True).distinct())
        return sorted(((code, self.name_of(code)) for code in codes), key=lambda choice: choice[1])

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        return rows.filter(**{f"{path}{self.parameter}": value}) if value else rows


class CountryFilter(CodeFilter):
    title = gettext_lazy("country or territory")
    parameter = "country"
    counted = "countries"

    def name_of(self, code: str) -> str:
        return country_name(code)


class RegionFilter(ListFilter):
    """By the region of the country, or by a group of countries such as SIDS."""

    title = gettext_lazy("region")
    parameter = "region"

    def choices(self, viewer: Viewer) -> Choices:
        return [(name, region_label(name)) for name in countries_in()]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        if not value:
            return rows
        if value not in countries_in():
            raise UnknownFilter(value)
        return rows.filter(**{f"{path}country__in": countries_in()[value]})


class LanguageFilter(CodeFilter):
    title = gettext_lazy("language")
    parameter = "language"
    counted = "languages"

    def name_of(self, code: str) -> str:
        return language_name(code)


class WayFilter(ListFilter):
    title = gettext_lazy("how it came in")
    parameter = "came"

    def choices(self, viewer: Viewer) -> Choices:
        return [
            ("online", _("Online, in time")),
            ("late", _("Late, in any way")),
            ("admitted", _("Admitted after the deadline")),
            *Way.choices,
        ]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        match value:
            case None:
                return rows
            case "online":
                return rows.filter(**{f"{path}admission__isnull": True})
            case "late":
                return rows.filter(**{f"{path}admission__is_late": True})
            case "admitted":
                after, is_late = (f"{path}admission__{name}" for name in ("is_after_cutoff", "is_late"))
                return rows.filter(Q(**{after: True}) | Q(**{f"{after}__isnull": True, is_late: True}))
            case way:
                return rows.filter(**{f"{path}admission__way": way})


class LengthFilter(ListFilter):
    """By the length of a contribution, or of all that a submission says."""

    title = gettext_lazy("words")
    parameter = "length"
    SPANS: ClassVar[dict[str, tuple[int, int]]] = {"short": (0, 50), "middle": (50, 500), "long": (500, 10**9)}

    def choices(self, viewer: Viewer) -> Choices:
        return [("short", _("Fewer than 50")), ("middle", _("50 to 499")), ("long", _("500 and more"))]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        span = self.SPANS.get(value or "")
        if span is None:
            return rows
        if path:
            return rows.filter(words__gte=span[0], words__lt=span[1])
        counted: QuerySet[Any] = rows.annotate(total_words=word_count())
        return counted.filter(total_words__gte=span[0], total_words__lt=span[1])


class ThemeFilter(ListFilter):
    """Submissions that have a text on a theme."""

    title = gettext_lazy("area")
    parameter = "theme"

    def choices(self, viewer: Viewer) -> Choices:
        themes = list(Theme.objects.select_related("consultation"))
        several = len({theme.consultation_id for theme in themes}) > 1
        return [(str(t.pk), f"{t.consultation.slug}: {t}" if several else str(t)) for t in themes]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        if not (value or "").isdecimal():
            return rows
        return rows.filter(pk__in=Contribution.objects.filter(theme_id=int(value or 0)).values("submission_id"))


class TimeFilter(ListFilter):
    """Lately, or on one day (2027-07-14), which begins and ends as the consultation's own zone has it."""

    title = gettext_lazy("received")
    parameter = "received"
    SPANS: ClassVar[dict[str, timedelta]] = {
        "hour": timedelta(hours=1),
        "day": timedelta(days=1),
        "week": timedelta(days=7),
    }

    def choices(self, viewer: Viewer) -> Choices:
        return [
            ("hour", _("In the last hour")),
            ("day", _("In the last 24 hours")),
            ("week", _("In the last 7 days")),
        ]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        if span := self.SPANS.get(value or ""):
            return rows.filter(**{f"{path}received_at__gte": viewer.at - span})
        day = _day(value or "")
        if day is None:
            return rows
        on_that_day = Q(pk__in=[])
        for one in consultations():
            begins, ends = zones.bounds_of_day(day, one.time_zone)
            at = {f"{path}received_at__gte": begins, f"{path}received_at__lt": ends}
            on_that_day |= Q(**{f"{path}consultation": one.pk}, **at)
        return rows.filter(on_that_day)

    def label_of(self, value: str) -> str:
        day = _day(value)
        return date_format(day, "DATE_FORMAT") if day else value


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    if value != found.isoformat():
        return None
    # The first and the last years have no day before or after, in some zone.
    return found if date.min.year < found.year < date.max.year else None


class StandingFilter(ListFilter):
    """By default the list shows what counts. What was replaced or withdrawn is one click away."""

    title = gettext_lazy("standing")
    parameter = "standing"
    default_label = gettext_lazy("What counts")

    def choices(self, viewer: Viewer) -> Choices:
        return [
            ("superseded", _("Replaced by a later version")),
            ("withdrawn", _("Withdrawn")),
            ("all", _("Everything that was sent")),
        ]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        match value:
            case "withdrawn":
                return rows.withdrawn()  # type: ignore[attr-defined, no-any-return]
            case "superseded":
                return rows.replaced().not_withdrawn()  # type: ignore[attr-defined, no-any-return]
            case "all":
                return rows
            case _:
                return rows.standing()  # type: ignore[attr-defined, no-any-return]


class EmailFilter(ListFilter):
    """Whether the address was confirmed from the mail that went there. Unconfirmed ones count all the same."""

    title = gettext_lazy("e-mail confirmed")
    parameter = "confirmed"

    def choices(self, viewer: Viewer) -> Choices:
        return [("yes", _("Confirmed")), ("no", _("Not confirmed"))]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        match value:
            case "yes":
                return rows.filter(has_confirmed_email())
            case "no":
                return rows.filter(~has_confirmed_email())
            case _:
                return rows
