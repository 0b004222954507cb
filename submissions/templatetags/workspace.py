"""The front page of the workspace: what stands where, at a glance."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django import template
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from submissions.export import records
from submissions.mail import reminders
from submissions.models import Export, Mail, Record
from submissions.queries.figures import Figures, coverage_codes, coverage_columns, figures_of
from submissions.queries.filters import RegionFilter, ThemeFilter
from submissions.review.double_coding import left_to_code, may_code
from submissions.review.queue import left_for_each
from themes import intake, rounds
from themes.current import current_consultation
from themes.cutoff_admin import waiting_changes
from themes.models import Consultation
from wsis import heartbeat
from wsis.models import Heartbeat

register = template.Library()

WIDTH, HEIGHT = 640, 120  # of the picture of days, in its own units
NEAR = timedelta(days=31)  # a cutoff farther off would press the days together; the words above it tell it


@register.inclusion_tag("admin/front_page.html", takes_context=True)
def front_page(context: dict[str, Any]) -> dict[str, Any]:
    """The consultation at hand in figures and pictures, as far as the visitor may see them."""
    user = context["request"].user
    now = timezone.now()
    consultation = current_consultation(now)
    if consultation is None or not user.has_perm("submissions.view_submission"):
        return {}
    figures, left = figures_of(consultation), left_for_each(consultation)
    submissions_url = f"{reverse('admin:submissions_submission_changelist')}?consultation__id__exact={consultation.pk}"
    return {
        "consultation": consultation,
        "figures": figures,
        # The list of what the figures count.
        "submissions_url": submissions_url,
        "state": intake.intake_at(consultation, now),
        "next_rounds": [one for one in _next_rounds(now) if one.pk != consultation.pk]
        if user.has_perm("themes.view_consultation")
        else [],
        "may_publish": user.has_perm("themes.change_consultation"),
        "today": figures.as_of.astimezone(ZoneInfo(consultation.time_zone)).date(),
        "assigned": dict(left).get(user.get_username(), 0),
        # Of every consultation: what waits for somebody is not to be missed because another one is open.
        "waiting": _all_of(waiting_changes(), may_see=user.has_perm("themes.change_consultation")),
        "given_up": _all_of(records.given_up(), may_see=user.has_perm("submissions.view_record")),
        "record": _record(consultation) if user.has_perm("submissions.view_record") else None,
        "failed_mails": _failed_mails() if user.has_perm("submissions.view_mail") else None,
        "last_export": Export.objects.filter(requested_by=user).first(),
        "away": [name for name, part in _parts() if _is_away(part)],
        "days": _days(figures, consultation),
        "pictures": [
            {"name": name, "title": title, "rows": _bars(rows, figures.codes[name], f"{submissions_url}&{parameter}=")}
            for name, title, rows, parameter in (
                ("by-theme", _("By area"), figures.by_theme, ThemeFilter.parameter),
                ("by-group", _("By stakeholder group"), figures.by_group, "stakeholder_group__exact"),
                ("by-region", _("By region (UN M49)"), figures.by_region, RegionFilter.parameter),
            )
        ],
        "can_review": user.has_perm("submissions.review"),
        "left_for_each": left,
        "left_to_code": left_to_code(user) if may_code(user) else [],
        "csrf_token": context.get("csrf_token"),
        "coverage_columns": coverage_columns(),
        "coverage": list(_coverage(figures, consultation)),
    }


def _coverage(figures: Figures, consultation: Consultation) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Each area with its counts, and where the texts of each stand."""
    texts = reverse("admin:submissions_contribution_changelist")
    for theme, (name, counts) in zip(consultation.themes.all(), figures.coverage, strict=True):
        addresses = (
            f"{texts}?{urlencode({'theme__id__exact': str(theme.pk), 'region': region})}" for region in coverage_codes()
        )
        yield name, list(zip(counts, addresses, strict=True))


def _next_rounds(now: datetime) -> list[Consultation]:
    """Those that are to open, the first of them first; also what the public cannot see yet."""
    return sorted(
        (one for one in rounds.consultations() if not intake.has_opened(one, now)), key=lambda one: one.opens_at
    )


def _all_of(rows: QuerySet[Any], *, may_see: bool) -> list[Any]:
    return list(rows.select_related("consultation")) if may_see else []


def _record(consultation: Consultation) -> Record | None:
    """Of the present closing, if there is one."""
    if consultation.closed_at is None:
        return None
    return Record.objects.filter(consultation=consultation, closed_at=consultation.closed_at).first()


def _failed_mails() -> int:
    return Mail.objects.filter(Mail.WAS_GIVEN_UP).count()


def _is_away(part: Heartbeat.Part) -> bool:
    age = heartbeat.age(part)
    if age is not None:
        return age > heartbeat.STALE_AFTER
    # Never heard of: away, unless everything has only just started.
    first = Heartbeat.objects.order_by("minute").first()
    return first is not None and timezone.now() - first.minute > heartbeat.STALE_AFTER


def _parts() -> list[tuple[str, Heartbeat.Part]]:
    return [(_("the web server"), Heartbeat.Part.WEB), (_("the worker or its timer"), Heartbeat.Part.WORKER)]


def _bars(rows: Iterable[tuple[str, int]], codes: Iterable[str], url: str) -> list[dict[str, Any]]:
    """Bars that lie, one a row, each with the address of its list: the longest is a hundred long."""
    rows = list(rows)
    most = max((n for _name, n in rows), default=0) or 1
    return [
        {"name": name, "n": n, "width": round(100 * n / most, 1), "url": f"{url}{quote(code)}"}
        for (name, n), code in zip(rows, codes, strict=True)
    ]


def _days(figures: Figures, consultation: Consultation) -> dict[str, Any]:
    """Bars that stand, one a day, and a line for each cutoff that there was or that is near."""
    zone = ZoneInfo(consultation.time_zone)
    cutoffs = [
        *((change.previous_cutoff, False) for change in consultation.extensions.all()),
        (consultation.closes_at, True),
    ]
    # A cutoff at midnight is the end of the day before.
    marks = [((moment - timedelta(microseconds=1)).astimezone(zone).date(), is_last) for moment, is_last in cutoffs]
    counted = dict(figures.per_day)
    first, last = min(counted, default=marks[-1][0]), max(counted, default=marks[-1][0])
    marks = [(day, is_last) for day, is_last in marks if first <= day <= last + NEAR]
    last = max([last, *(day for day, _is_last in marks)])
    span = (last - first).days + 1
    most = max(counted.values(), default=0) or 1
    step = WIDTH / span

    def at(day: date) -> float:
        return round((day - first).days * step, 2)

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "bars": [
            {
                "day": day,
                "n": n,
                "x": at(day),
                "y": round(HEIGHT - n / most * (HEIGHT - 10), 1),
                "width": round(max(step * 0.8, 0.8), 2),
                "height": round(n / most * (HEIGHT - 10), 1),
            }
            for day, n in figures.per_day
        ],
        "marks": [
            {"day": day, "x": round(at(day) + step, 2), "is_last": is_last} for day, is_last in dict.fromkeys(marks)
        ],
        "first": first,
        "last": last,
        "most": most,
    }


@register.simple_tag
def reminder_count(consultation: Consultation) -> int:
    """How many would be told of a change of the cutoff (reminders.py)."""
    return reminders.reachable(consultation).count()


@register.filter
def ago(moment: datetime) -> int:
    """Whole seconds since `moment`."""
    return int((timezone.now() - moment).total_seconds())
