"""What the public pages count: where each text that came in is, who was heard, and what the filters find."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, TextField, Value, When
from django.utils import timezone

from publication.models import Publication, PublicFigures, PublishedText
from publication.suppression import rounded, shown
from submissions.export.review_columns import without_set_aside
from submissions.models import (
    OFFICIAL_LANGUAGES,
    SEVERAL_LANGUAGES,
    Consent,
    Contribution,
    Review,
    StakeholderGroup,
    Submission,
    Withdrawal,
)
from submissions.queries.publication import own_consent, withheld
from submissions.text.regions import region_names, special_groups
from themes.models import Consultation

COUNT_EVERY = timedelta(minutes=10)
# In this order: a text is in the first place that is true of it.
PLACES = ("withdrawn", "set_aside", "private", "withheld", "named", "anonymous", "waiting")
OTHER_LANGUAGES = "other"


def count_due() -> None:
    """Of each consultation of which something is published, every ten minutes: also what is private is in the sum."""
    published = Publication.objects.filter(published_at__isnull=False).values("consultation")
    for consultation in Consultation.objects.filter(pk__in=published):
        known = PublicFigures.objects.filter(consultation=consultation).first()
        is_fresh = known is not None and timezone.now() - known.counted_at < COUNT_EVERY
        if not is_fresh:
            count(consultation)


def count(consultation: Consultation, *, with_heard: bool = False) -> None:
    """Writes them down.

    Args:
        with_heard: also who was heard, which changes with a publication alone.
    """
    values: dict[str, Any] = {
        "sums": sums_of(consultation),
        "facets": facets_of(consultation),
        "counted_at": timezone.now(),
    }
    if with_heard:
        values["heard"] = heard_in(consultation)
    PublicFigures.objects.update_or_create(consultation=consultation, defaults=values)


def sums_of(consultation: Consultation) -> dict[str, int]:
    """How many texts are in each of PLACES; their total, "received"; and "late", of those that are published."""
    reference = "submission__reference"
    public = PublishedText.objects.filter(contribution=OuterRef("pk"), is_shown=True)
    place = Case(
        When(Exists(Withdrawal.objects.filter(reference=OuterRef(reference))), then=Value("withdrawn")),
        When(
            Exists(Review.objects.filter(reference=OuterRef(reference), state=Review.State.SET_ASIDE)),
            then=Value("set_aside"),
        ),
        When(consent_now=Consent.NONE, then=Value("private")),
        When(withheld(), then=Value("withheld")),
        When(Exists(public.filter(is_named=True)), then=Value("named")),
        When(Exists(public), then=Value("anonymous")),
        default=Value("waiting"),
        output_field=TextField(),
    )
    last = Submission.objects.filter(consultation=consultation).latest_versions().order_by()
    texts = Contribution.objects.filter(submission__in=last.values("pk")).order_by()
    rows = texts.annotate(consent_now=own_consent()).annotate(place=place).values("place").annotate(n=Count("pk"))
    counted = dict.fromkeys(PLACES, 0) | dict(rows.values_list("place", "n"))
    # Of those with a name alone: of the others nothing is said.
    late = texts.filter(Exists(public.filter(is_named=True)), submission__admission__is_late=True).count()
    return {**counted, "received": sum(counted.values()), "late": late}


def heard_in(consultation: Consultation) -> dict[str, Any]:
    """Of all submissions that count: how many there are of each group, region, language and week, in their order."""
    standing = without_set_aside(Submission.objects.filter(consultation=consultation).standing()).order_by()
    total = standing.count()
    groups = _counted(standing, "stakeholder_group", StakeholderGroup.values)
    countries = dict(standing.values("country").annotate(n=Count("pk")).values_list("country", "n"))
    regions: Counter[str] = Counter(dict.fromkeys(region_names().values(), 0))
    for country, n in countries.items():
        regions[region_names().get(country, country)] += n
    languages = _counted(standing, "language", [*OFFICIAL_LANGUAGES, SEVERAL_LANGUAGES])
    named = {code: n for code, n in languages.items() if code in {*OFFICIAL_LANGUAGES, SEVERAL_LANGUAGES}}
    named[OTHER_LANGUAGES] = total - sum(named.values())
    special = {name: sum(countries.get(code, 0) for code in codes) for name, codes in special_groups().items()}
    return {
        "total": rounded(total),
        "groups": shown(groups),
        "regions": shown(regions),
        "special": shown(special),
        "languages": shown(named),
        "weeks": shown(_weeks(standing.values_list("received_at", flat=True))),
    }


def _counted(rows: QuerySet[Any], field: str, codes: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(codes, 0) | dict(rows.values(field).annotate(n=Count("pk")).values_list(field, "n"))


def _weeks(moments: Iterable[datetime]) -> dict[str, int]:
    """The Monday of each week from the first to the last, in UTC."""
    mondays = Counter((at.astimezone(UTC) - timedelta(days=at.astimezone(UTC).weekday())).date() for at in moments)
    if not mondays:
        return {}
    first, last = min(mondays), max(mondays)
    weeks = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return {week.isoformat(): mondays[week] for week in weeks}


def facets_of(consultation: Consultation) -> dict[str, dict[str, int]]:
    """How many of the listed texts each area, group, country and language has; and how many a list of all has."""
    listed = PublishedText.objects.filter(consultation=consultation, is_shown=True, is_lead=True).order_by()

    def by(field: str) -> dict[str, int]:
        rows = listed.values(field).annotate(n=Count("pk")).values_list(field, "n")
        return {str(value): n for value, n in rows if value != ""}

    return {
        "total": {"all": listed.filter(is_campaign_lead=True).count()},
        "areas": by("theme_number"),
        "groups": by("stakeholder_group"),
        "countries": by("country"),
        "languages": by("language"),
    }
