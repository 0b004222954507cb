"""The filters of the secretariat's lists."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions import confirming
from submissions.models import Contribution, Submission, Withdrawal
from submissions.respondent import country_name
from submissions.review.models import Review, Tag, is_new, reviewed
from themes.models import Theme

MANY_COUNTRIES = 20


class CountryFilter(admin.SimpleListFilter):
    title = gettext_lazy("country or territory")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = cache.get("countries")
        if codes is None:
            codes = list(Submission.objects.order_by().values_list("country", flat=True).distinct())
            # Of few submissions they are asked each time; of many they hardly change.
            cache.set("countries", codes, 60 if len(codes) > MANY_COUNTRIES else 0)
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

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        # An export of the list counts from when it was asked for (listing.py).
        self.as_of = getattr(request, "as_of", None) or timezone.now()
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("hour", _("In the last hour")),
            ("day", _("In the last 24 hours")),
            ("week", _("In the last 7 days")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        span = self.SPANS.get(self.value() or "")
        return queryset.filter(received_at__gte=self.as_of - span) if span else queryset


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


class ReviewFilter(admin.SimpleListFilter):
    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Review.State.choices, ("changed", _("Changed since it was read"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case None:
                return queryset
            case Review.State.NEW:
                return queryset.filter(is_new())
            case "changed":
                read = Review.objects.filter(reference=OuterRef("reference"), read_version__gt=0)
                return queryset.filter(Exists(read.filter(read_version__lt=OuterRef("version"))))
            case state:
                return queryset.filter(reviewed(state=state))


class AssigneeFilter(admin.SimpleListFilter):
    title = gettext_lazy("assigned to")
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        busy = Review.objects.exclude(assignee=None).order_by().values("assignee")
        people = get_user_model()._default_manager.filter(pk__in=busy).order_by("username")
        return [
            ("me", _("Me")),
            ("nobody", _("Nobody")),
            *((str(one.pk), one.get_username()) for one in people if one.pk != request.user.pk),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case None:
                return queryset
            case "nobody":
                return queryset.filter(~reviewed(assignee__isnull=False))
            case who:
                return queryset.filter(reviewed(assignee=request.user.pk if who == "me" else int(who)))


class TagFilter(admin.SimpleListFilter):
    title = gettext_lazy("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(tag.pk), tag.name) for tag in Tag.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return queryset.filter(reviewed(tags=int(value))) if value.isdecimal() else queryset
