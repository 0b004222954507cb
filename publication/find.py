"""The published texts that a visitor asks for, by the filters that an address may have, and how many there are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from publication.models import PublicFigures, PublishedProposal, PublishedText
from submissions.models import StakeholderGroup, language_choices
from submissions.search.matching import Matcher, Matches
from submissions.search.terms import Terms, parse
from submissions.text.numbers import parse_number
from submissions.text.regions import countries_in
from themes.models import Consultation

MAX_SEARCH_CHARACTERS = 200
# So many different answers are remembered by a process, of the state that the database has.
MAX_REMEMBERED = 2_000


class UnknownFilter(ValueError):
    """An address asks for an area, a group or a language that there is not."""


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty for all."""

    area: int | None = None
    paragraph: int | None = None
    group: str = ""
    region: str = ""
    language: str = ""
    words: str = ""

    @property
    def is_of_senders(self) -> bool:
        """Whether texts without a name cannot be among what it finds."""
        return bool(self.group or self.region)

    @property
    def looks_closer(self) -> bool:
        """Whether texts that say nearly the same may differ in what is asked for, and each is listed."""
        return bool(self.words or self.language or self.paragraph is not None)

    @property
    def terms(self) -> Terms:
        return parse(self.words)

    def __bool__(self) -> bool:
        return self != Filters()

    def address(self, **more: Any) -> str:
        """As the query of an address; `more` in the place of its own, None for nothing."""
        values = {"area": self.area, "paragraph": self.paragraph, "group": self.group, "region": self.region}
        values |= {"language": self.language, "q": self.words, **more}
        kept = {name: value for name, value in values.items() if value not in {None, ""}}
        return f"?{urlencode(kept)}" if kept else "?"


def read_filters(asked: Mapping[str, str], consultation: Consultation) -> Filters:
    """Those of an address.

    Raises:
        UnknownFilter: it names something that there is not.
    """
    area, paragraph = (
        parse_number(typed) if (typed := asked.get(name, "")) else None for name in ("area", "paragraph")
    )
    group, region, language = (asked.get(name, "") for name in ("group", "region", "language"))
    numbers = {theme.number for theme in consultation.themes.all()}
    is_known = (
        (not asked.get("area") or area in numbers)
        and (not asked.get("paragraph") or paragraph is not None)
        and group in {"", *StakeholderGroup.values}
        and (not region or region in countries_in())
        and (not language or language in dict(language_choices()))
    )
    words = asked.get("q", "").replace("\0", "").strip()[:MAX_SEARCH_CHARACTERS]
    if not is_known:
        raise UnknownFilter
    return Filters(area, paragraph, group, region, language, words)


def find(consultation: Consultation, filters: Filters, *, each: bool = False) -> QuerySet[PublishedText]:
    """In the order of the areas, those with a name first, by their names; the others in an order that says nothing.

    Args:
        each: also those that say the same as another, or nearly; else one of them is listed, unless senders are asked
            for.
    """
    rows = PublishedText.objects.filter(consultation=consultation, is_shown=True)
    if not each and not filters.is_of_senders:
        rows = rows.filter(is_lead=True) if filters.looks_closer else rows.filter(is_campaign_lead=True)
    if filters.area is not None:
        rows = rows.filter(theme_number=filters.area)
    if filters.group:
        rows = rows.filter(stakeholder_group=filters.group)
    if filters.region:
        rows = rows.filter(country__in=countries_in()[filters.region])
    if filters.language:
        rows = rows.filter(language=filters.language)
    if filters.paragraph is not None:
        rows = rows.filter(Exists(PublishedProposal.objects.filter(published=OuterRef("pk"), number=filters.paragraph)))
    if filters.words:
        rows = _having(rows, filters.terms)
    return rows.order_by("theme_number", "-is_named", "name", "public_id")


def _having(rows: QuerySet[PublishedText], terms: Terms) -> QuerySet[PublishedText]:
    if not terms:
        return rows.none()
    matcher = Matcher([*terms.wanted, *terms.none_of])
    for group in terms.all_of:
        anything = Q()
        for term in group:
            anything |= Q(Matches("search_words", matcher.in_text(term)))
        rows = rows.filter(anything)
    for term in terms.none_of:
        rows = rows.exclude(Matches("search_words", matcher.in_text(term)))
    return rows


@lru_cache(maxsize=MAX_REMEMBERED)
def count(consultation: int, filters: Filters, version: UUID, *, each: bool = False) -> int:
    """How many there are, in a state of the database (themes/rounds.py)."""
    if not filters and not each:
        return facets(consultation, version).get("total", {}).get("all", 0)
    return find(Consultation.objects.get(pk=consultation), filters, each=each).order_by().count()


@lru_cache(maxsize=100)
def figures(consultation: int, version: UUID) -> PublicFigures | None:
    """What the worker has counted, in the same."""
    return PublicFigures.objects.filter(consultation=consultation).first()


def facets(consultation: int, version: UUID) -> dict[str, dict[str, int]]:
    known = figures(consultation, version)
    return known.facets if known is not None else {}


def without(filters: Filters, name: str) -> Filters:
    """The same with one filter taken away."""
    nothing: Any = getattr(Filters(), name)
    return replace(filters, **{name: nothing})
