"""The deadline, said in one place. `{% deadline_card consultation at %}` is the card; the filters tell an instant."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from themes import intake, zones
from themes.fragments import fragment
from themes.intake import Intake
from themes.models import Consultation
from wsis.formats import MONTHS

register = template.Library()
# How long a change of the deadline is news.
NEWS_FOR = timedelta(days=14)
CUTOFFS = ("previous_cutoff", "new_cutoff")


@register.filter
def city(zone: str) -> str:
    return zones.city(zone)


@register.filter
def in_zone(moment: datetime, zone: str) -> str:
    """“16 July 2027, 00:00” as the clocks of `zone` show it; the seconds only where there are any."""
    local = moment.astimezone(ZoneInfo(zone))
    time = date_format(local, "H:i:s" if local.second else "H:i")
    return _("%(day)s, %(time)s") % {"day": date_format(local, "DATE_FORMAT"), "time": time}


@register.filter
def cutoff_in_zone(moment: datetime, zone: str) -> str:
    """The same, but a midnight is the end of its day: “15 July 2027, 24:00”, as the sentence above it says."""
    if not zones.is_end_of_day(moment, zone):
        return in_zone(moment, zone)
    return _("%(day)s, %(time)s") % {"day": last_day(moment, zone), "time": "24:00"}


@register.filter
def to_the_second(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return _("%(day)s, %(time)s") % {"day": date_format(local, "DATE_FORMAT"), "time": date_format(local, "H:i:s")}


@register.filter
def day_in_zone(moment: datetime, zone: str) -> str:
    return date_format(moment.astimezone(ZoneInfo(zone)), "DATE_FORMAT")


@register.filter
def last_day(moment: datetime, zone: str) -> str:
    """“15 July 2027” for a cutoff at the midnight that ends it, or for one during that day."""
    return date_format(zones.last_day(moment, zone), "DATE_FORMAT")


def _weekday(day: date) -> str:
    """“Thursday 15 July 2027”, each language in its own order."""
    named = {"weekday": date_format(day, "l"), "day": date_format(day, "DATE_FORMAT")}
    return _("%(weekday)s %(day)s") % named


@register.filter
def cutoff_in_words(moment: datetime, zone: str) -> str:
    """“the end of Thursday 15 July 2027, New York time”, or the minute where it is not a midnight."""
    place = zones.city(zone)
    if zones.is_end_of_day(moment, zone):
        day = _weekday(zones.last_day(moment, zone))
        return _("the end of %(day)s, %(place)s time") % {"day": day, "place": place}
    local = moment.astimezone(ZoneInfo(zone))
    return _("%(time)s on %(day)s, %(place)s time") % {
        "time": date_format(local, "H:i" if local.second == 0 else "H:i:s"),
        "day": _weekday(local),
        "place": place,
    }


def _left(consultation: Consultation, at: datetime) -> str:
    """How long in words, as exact as matters: days, then hours and minutes, then minutes."""
    left = intake.time_left(consultation, at)
    minutes = int(left.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    if left.days >= 2:
        return ngettext("%(n)d day", "%(n)d days", left.days) % {"n": left.days}
    in_minutes = ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    if hours:
        in_hours = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
        return _("%(hours)s, %(minutes)s") % {"hours": in_hours, "minutes": in_minutes}
    return in_minutes if minutes else _("less than a minute")


@register.simple_tag
def month_names() -> str:
    """For the script, where the catalogue has other names than the browser; else empty."""
    return "|".join(map(_, MONTHS)) if get_language() == "ar" else ""


@register.simple_tag
def deadline_line(consultation: Consultation, at: datetime) -> SafeString:
    """The card in one line, for small screens."""
    state, left = intake.intake_at(consultation, at), _left(consultation, at)
    return fragment(consultation, ("deadline-line", state, left), lambda: _line(consultation, state, left))


def _line(consultation: Consultation, state: Intake, left: str) -> SafeString:
    closes = cutoff_in_words(consultation.closes_at, consultation.time_zone)
    match state:
        case Intake.UPCOMING:
            line = _("Opens in %(left)s") % {"left": left}
        case Intake.OPEN:
            line = f"{_('%(left)s left') % {'left': left}} · {_('Closes at %(when)s.') % {'when': closes}}"
        case _:
            line = _("Closed at %(when)s.") % {"when": closes}
    return format_html("{}", line)


@register.simple_tag
def deadline_news(consultation: Consultation, at: datetime) -> SafeString:
    """The last change of the deadline, for a fortnight above everything else and to the minute.

    In the card it stands for good, and to the second.
    """
    last = max(consultation.extensions.all(), key=lambda one: (one.announced_at, one.pk), default=None)
    if last is None or at - last.announced_at > NEWS_FOR:
        return SafeString()

    def draw() -> SafeString:
        to_the_minute = {name: getattr(last, name).replace(second=0, microsecond=0) for name in CUTOFFS}
        shown = {
            "kind": last.kind,
            "announced_at": last.announced_at,
            "announcement": last.announcement,
            **to_the_minute,
        }
        return render_to_string("themes/deadline_news.html", {"consultation": consultation, "extension": shown})

    return fragment(consultation, ("deadline-news", last.pk), draw)


@register.simple_tag
def deadline_card(consultation: Consultation, at: datetime) -> SafeString:
    state, left = intake.intake_at(consultation, at), _left(consultation, at)

    def draw() -> SafeString:
        card = {
            "consultation": consultation,
            "state": state,
            "is_open": state is Intake.OPEN,
            "is_upcoming": state is Intake.UPCOMING,
            "left": left,
            "months": month_names(),
            "extensions": consultation.extensions.all(),
        }
        return render_to_string("themes/deadline_card.html", card)

    return fragment(consultation, ("deadline-card", state, left), draw)
