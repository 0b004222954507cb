"""One instant, told in a named zone. Never a bare abbreviation: "EST" is three different times."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_timezone_location
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wsis.typography import locale

# Years for which every zone has a UTC instant that Python and PostgreSQL can hold.
EARLIEST, LATEST = 1900, 9000


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone of the IANA list. Write it like America/New_York or UTC."),
            code="unknown_zone",
            params={"name": name},
        )


def zones_with_offsets(moment: datetime) -> list[tuple[str, str]]:
    """Every zone by its name, with what it is called and how far from UTC it is at `moment`: New York (UTC-05:00)."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    offsets = ((name, moment.astimezone(ZoneInfo(name)).strftime("%z")) for name in ["UTC", *places])
    return [(name, f"{city(name)} (UTC{offset[:3]}:{offset[3:5]})") for name, offset in offsets]


def city(zone: str) -> str:
    """The place a zone is named after, in the reader's language: "New York", "نيويورك"."""
    return _city(zone, locale())


@cache
def _city(zone: str, reader: Locale) -> str:
    return get_timezone_location(zone, locale=reader, return_city=True)


def is_end_of_day(moment: datetime, zone: str) -> bool:
    """Whether `moment` is midnight there, so that people call it the end of the day before."""
    local = moment.astimezone(ZoneInfo(zone))
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def last_day(moment: datetime, zone: str) -> datetime:
    """The last day that lies wholly or partly before `moment`, as a local time on that day."""
    return (moment - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))


def bounds_of_day(day: date, zone: str) -> tuple[datetime, datetime]:
    """The UTC instants at which a day begins there, and at which the next one does."""
    info = ZoneInfo(zone)
    # Where the clocks go forward over a midnight, this is the instant at which they do.
    first, next_one = (datetime.combine(one, time.min, info).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    return first, next_one


def instant(local: datetime, zone: str) -> datetime:
    """The UTC instant of a wall clock's time in `zone`.

    Raises:
        ValidationError: the clocks change there so that this time does not exist, or comes twice.
    """
    if not EARLIEST <= local.year <= LATEST:
        raise ValidationError(_("Write a date and a time, like 2027-07-26 00:00."), code="invalid")
    info = ZoneInfo(zone)
    first, second = local.replace(tzinfo=info, fold=0), local.replace(tzinfo=info, fold=1)
    shown = first.astimezone(UTC).astimezone(info).replace(tzinfo=None)
    if shown != local.replace(tzinfo=None):
        raise ValidationError(
            _("This time does not exist in %(zone)s: the clocks go forward over it. Choose another."),
            code="impossible_time",
            params={"zone": city(zone)},
        )
    if first.utcoffset() != second.utcoffset():
        raise ValidationError(
            _("This time comes twice in %(zone)s: the clocks go back over it. Choose another."),
            code="ambiguous_time",
            params={"zone": city(zone)},
        )
    return first.astimezone(UTC)
