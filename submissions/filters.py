"""The filters of the secretariat's lists."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.models import Contribution, Submission
from submissions.respondent import country_name
from themes.models import Theme


class CountryFilter(admin.SimpleListFilter):
    title = gettext_lazy("country or territory")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = Submission.objects.order_by().values_list("country", flat=True).distinct()
        return sorted(((code, country_name(code)) for code in codes), key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(country=self.value()) if self.value() else queryset


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


class TimeFilter(admin.SimpleListFilter):
    title = gettext_lazy("received")
    parameter_name = "received"
    SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("hour", _("In the last hour")),
            ("day", _("In the last 24 hours")),
            ("week", _("In the last 7 days")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        span = self.SPANS.get(self.value() or "")
        return queryset.filter(received_at__gte=timezone.now() - span) if span else queryset
