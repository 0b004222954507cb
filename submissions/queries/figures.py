"""The consultation in figures, for the front page: how much came in, from whom, on what, and who is missing.

They are of what counts. The worker counts twice a minute and keeps it in a row, so that the page costs one query
however many submissions there are.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from submissions.models import Contribution, Draft, KeptFigures, StakeholderGroup, Submission
from submissions.queries.confirmed import has_confirmed_email
from submissions.queries.reviews import is_new, is_sent_again
from submissions.text.regions import region_label, region_names, special_groups
from themes import rounds
from themes.intake import DatabaseClock, database_now
from themes.models import Consultation

logger = logging.getLogger(__name__)

MAX_AGE = timedelta(seconds=90)
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")


@dataclass(frozen=True)
class Figures:
    """What is shown.

    Attributes:
        sent_again: those of which an earlier version was read.
        per_day: every day from the first to the last sending, also those on which nothing came, in the
            consultation's zone.
        by_theme: submissions with a contribution on each, by the theme's name in its order.
        codes: of `by_theme`, `by_group` and `by_region` what the lists' filters call each.
        coverage: for each theme, how many submissions came from each region and group of countries.
    """

    as_of: datetime
    total: int
    today: int
    new: int
    unconfirmed: int
    sent_again: int
    drafts: int
    per_day: list[tuple[date, int]]
    by_theme: list[tuple[str, int]]
    by_group: list[tuple[str, int]]
    by_region: list[tuple[str, int]]
    codes: dict[str, list[str]]
    coverage: list[tuple[str, list[int]]]


def coverage_codes() -> list[str]:
    """The regions and groups of countries, as the filter of the lists has them."""
    return [*REGIONS, *special_groups()]


def coverage_columns() -> list[str]:
    return [region_label(name) for name in coverage_codes()]


@dataclass(frozen=True)
class Counted:
    """What is counted, in codes and no language: as it is kept, so that everybody reads it in their own."""

    days: dict[str, int]
    countries: dict[str, int]
    groups: dict[str, int]
    spread: dict[str, dict[str, int]]  # theme id, country, submissions
    new: int
    drafts: int
    # What was counted by an earlier release has none of these.
    unconfirmed: int = 0
    sent_again: int = 0
    languages: dict[str, int] = field(default_factory=dict)


def figures_of(consultation: Consultation) -> Figures:
    """The figures as the worker counted them last; where it is away, as they are now. `as_of` says of when."""
    kept = KeptFigures.objects.filter(consultation=consultation).first()
    if kept is None or database_now() - kept.as_of > MAX_AGE:
        kept = count(consultation)
    # Another release may have counted more.
    known = {each.name for each in fields(Counted)}
    counted = Counted(**{name: value for name, value in kept.counted.items() if name in known})
    return _figures(consultation, kept.as_of, counted)


def known_codes(counted: str) -> set[str] | None:
    """The codes that the worker found last, of "countries" or "languages"; None where it has not counted lately."""
    fresh = KeptFigures.objects.filter(as_of__gt=DatabaseClock() - MAX_AGE)
    kept = dict(fresh.values_list("pk", f"counted__{counted}"))
    if set(kept) != {one.pk for one in rounds.consultations()} or None in kept.values():
        return None
    return {code for codes in kept.values() for code in codes}


def count_all() -> int:
    """The worker's part: counts every consultation anew, and keeps it. Returns how many."""
    return sum(_count_safely(consultation) for consultation in Consultation.objects.all())


def _count_safely(consultation: Consultation) -> bool:
    try:
        count(consultation)
    except Exception:
        # The others are counted all the same, and this one again by the next sweep.
        logger.exception("figures of %s", consultation)
        return False
    return True


def count(consultation: Consultation) -> KeptFigures:
    as_of = database_now()
    kept, _is_new = KeptFigures.objects.update_or_create(
        consultation=consultation, defaults={"as_of": as_of, "counted": asdict(_counted(consultation))}
    )
    return kept


def _counted(consultation: Consultation) -> Counted:
    zone = ZoneInfo(consultation.time_zone)
    standing = Submission.objects.standing().filter(consultation=consultation).order_by()
    days = standing.annotate(day=TruncDate("received_at", tzinfo=zone)).values_list("day").annotate(n=Count("pk"))
    texts = Contribution.objects.filter(submission__in=standing.values("pk")).order_by()
    spread: dict[str, dict[str, int]] = {}
    for theme, country, n in texts.values_list("theme", "submission__country").annotate(n=Count("pk")):
        spread.setdefault(str(theme), {})[country] = n
    return Counted(
        days={day.isoformat(): n for day, n in days},
        countries=dict(standing.values_list("country").annotate(n=Count("pk"))),
        languages=dict(standing.values_list("language").annotate(n=Count("pk"))),
        groups=dict(standing.values_list("stakeholder_group").annotate(n=Count("pk"))),
        spread=spread,
        new=standing.filter(is_new()).count(),
        unconfirmed=standing.filter(~has_confirmed_email()).count(),
        sent_again=standing.filter(is_sent_again()).count(),
        drafts=Draft.objects.filter(consultation=consultation, reference="").count(),
    )


def _figures(consultation: Consultation, as_of: datetime, counted: Counted) -> Figures:
    days = {date.fromisoformat(day): n for day, n in counted.days.items()}
    spread = {pk: Counter(countries) for pk, countries in counted.spread.items()}
    themes = [(str(theme.pk), f"{theme.sign}. {theme.title}") for theme in consultation.themes.all()]
    regions = _by_region(Counter(counted.countries))
    return Figures(
        as_of=as_of,
        total=sum(days.values()),
        today=days.get(as_of.astimezone(ZoneInfo(consultation.time_zone)).date(), 0),
        new=counted.new,
        unconfirmed=counted.unconfirmed,
        sent_again=counted.sent_again,
        drafts=counted.drafts,
        per_day=_every_day(days),
        by_theme=[(name, spread.get(pk, Counter()).total()) for pk, name in themes],
        by_group=[(str(group.label), counted.groups.get(group.value, 0)) for group in StakeholderGroup],
        by_region=[(region_label(name), n) for name, n in regions],
        codes={
            "by-theme": [pk for pk, _name in themes],
            "by-group": StakeholderGroup.values,
            "by-region": [name for name, _n in regions],
        },
        coverage=[(name, _from_each(spread.get(pk, Counter()))) for pk, name in themes],
    )


def _every_day(days: dict[date, int]) -> list[tuple[date, int]]:
    if not days:
        return []
    first, last = min(days), max(days)
    return [(day, days.get(day, 0)) for day in (first + timedelta(n) for n in range((last - first).days + 1))]


def _by_region(countries: Counter[str]) -> list[tuple[str, int]]:
    """Every region, also those from which nothing came; then whoever speaks for no single country."""
    found = Counter(dict.fromkeys(REGIONS, 0))
    for country, n in countries.items():
        found[region_names().get(country, country)] += n
    return list(found.items())


def _from_each(countries: Counter[str]) -> list[int]:
    by_region = dict(_by_region(countries))
    return [
        *(by_region[region] for region in REGIONS),
        *(sum(countries[code] for code in codes) for codes in special_groups().values()),
    ]


# --- As tables: for the CSV beside each picture ---------------------------------------------------------------------

Table = tuple[list[str], Iterable[list[object]]]


def _pairs(header: str, rows: Iterable[tuple[object, int]]) -> Table:
    return [header, _("Submissions")], ([name, n] for name, n in rows)


TABLES: dict[str, Callable[[Figures], Table]] = {
    "per-day": lambda figures: _pairs(_("Day"), ((day.isoformat(), n) for day, n in figures.per_day)),
    "by-theme": lambda figures: _pairs(_("Area"), figures.by_theme),
    "by-group": lambda figures: _pairs(_("Stakeholder group"), figures.by_group),
    "by-region": lambda figures: _pairs(_("Region"), figures.by_region),
    "coverage": lambda figures: (
        [_("Area"), *coverage_columns()],
        ([name, *counts] for name, counts in figures.coverage),
    ),
}
