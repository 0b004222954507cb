"""The filters of the secretariat's lists."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions import confirming
from submissions.admission.models import Way
from submissions.models import Contribution, Submission, Withdrawal
from submissions.respondent import country_name, language_name
from submissions.totals import words_in_all
from themes.models import Theme

MANY_CODES = 20


class OfSubmission(admin.SimpleListFilter):
    """A filter by something about a submission, in a list of submissions or of what belongs to them.

    The list's admin says in `way` how a row leads to its submission: empty, or ending in __.
    """

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        self.way: str = getattr(model_admin, "way", "")
        self.reference = f"{self.way}reference"
        super().__init__(request, params, model, model_admin)

    def value(self) -> str | None:
        said: str | None = super().value()
        if said is not None and "\x00" in said:
            raise IncorrectLookupParameters
        return said


class CodeFilter(OfSubmission):
    """By a code that there are many of: those that occur, by their names."""

    @staticmethod
    def name_of(code: str) -> str:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        field = str(self.parameter_name)
        codes = cache.get(f"codes:{field}")
        if codes is None:
            codes = list(Submission.objects.order_by().values_list(field, flat=True).distinct())
            # Of few submissions they are asked each time; of many they hardly change.
            cache.set(f"codes:{field}", codes, 60 if len(codes) > MANY_CODES else 0)
        return sorted(((code, self.name_of(code)) for code in codes), key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.way}{self.parameter_name}": self.value()}) if self.value() else queryset


class CountryFilter(CodeFilter):
    title = gettext_lazy("country or territory")
    parameter_name = "country"
    name_of = staticmethod(country_name)


class LanguageFilter(CodeFilter):
    title = gettext_lazy("language")
    parameter_name = "language"
    name_of = staticmethod(language_name)


class WayFilter(OfSubmission):
    title = gettext_lazy("how it came in")
    parameter_name = "came"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("online", _("Online, in time")), ("late", _("Late, in any way")), *Way.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case None:
                return queryset
            case "online":
                return queryset.filter(**{f"{self.way}admission__isnull": True})
            case "late":
                return queryset.filter(**{f"{self.way}admission__is_late": True})
            case way:
                return queryset.filter(**{f"{self.way}admission__way": way})


class WordsFilter(OfSubmission):
    """By the length of a contribution, or of all that a submission says."""

    title = gettext_lazy("words")
    parameter_name = "length"
    SPANS = {"short": (0, 50), "middle": (50, 500), "long": (500, 10**9)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("short", _("Fewer than 50")), ("middle", _("50 to 499")), ("long", _("500 and more"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        span = self.SPANS.get(self.value() or "")
        if span is None:
            return queryset
        if self.way:
            return queryset.filter(words__gte=span[0], words__lt=span[1])
        counted: QuerySet[Any] = queryset.annotate(in_all=words_in_all())
        return counted.filter(in_all__gte=span[0], in_all__lt=span[1])


class ThemeFilter(admin.SimpleListFilter):
    """Submissions that have a text on a theme."""

    title = gettext_lazy("theme")
    parameter_name = "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        themes = list(Theme.objects.select_related("consultation"))
        several = len({theme.consultation_id for theme in themes}) > 1
        return [(str(t.pk), f"{t.consultation.slug}: {t}" if several else str(t)) for t in themes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (self.value() or "").isdecimal():
            return queryset
        having = Contribution.objects.filter(theme_id=int(self.value() or 0)).values("submission_id")
        return queryset.filter(pk__in=having)


class TimeFilter(OfSubmission):
    title = gettext_lazy("received")
    parameter_name = "received"
    SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        # An export of the list counts from when it was asked for (listing.py).
        self.as_of = getattr(request, "as_of", None) or timezone.now()
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("hour", _("In the last hour")),
            ("day", _("In the last 24 hours")),
            ("week", _("In the last 7 days")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        span = self.SPANS.get(self.value() or "")
        return queryset.filter(**{f"{self.way}received_at__gte": self.as_of - span}) if span else queryset


class StandingFilter(admin.SimpleListFilter):
    """By default the list shows what counts. What was replaced or withdrawn is one click away."""

    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("superseded", _("Replaced by a later version")),
            ("withdrawn", _("Withdrawn")),
            ("all", _("Everything that was sent")),
        ]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("What counts")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        withdrawn = Exists(Withdrawal.objects.filter(reference=OuterRef("reference")))
        newer = Submission.objects.filter(reference=OuterRef("reference"), version__gt=OuterRef("version"))
        if self.value() == "withdrawn":
            return queryset.filter(withdrawn)
        if self.value() == "superseded":
            return queryset.filter(Exists(newer), ~withdrawn)
        if self.value() == "all":
            return queryset
        return queryset.filter(~Exists(newer), ~withdrawn)


class EmailFilter(admin.SimpleListFilter):
    """Whether the address was confirmed from the mail that went there. Unconfirmed ones count all the same."""

    title = gettext_lazy("e-mail confirmed")
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Confirmed")), ("no", _("Not confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(
            confirming.has_confirmed_email() if self.value() == "yes" else ~confirming.has_confirmed_email()
        )
