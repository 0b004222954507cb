"""Who was heard, and where each text that came in is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from publication import find
from publication.figures import OTHER_LANGUAGES
from publication.models import Publication
from publication.pages.round import published_page, rendered
from publication.suppression import MIN_CELL
from submissions.models import StakeholderGroup, language_name
from submissions.public.visit import Visit
from submissions.text.regions import region_label
from themes import rounds


@dataclass(frozen=True)
class Breakdown:
    """One table: its title and its rows, each with its count, None where that is left out."""

    title: str
    rows: list[tuple[str, int | None]]


def breakdowns(heard: Mapping[str, Any]) -> Iterator[Breakdown]:
    groups = {str(code): str(label) for code, label in StakeholderGroup.choices}
    yield Breakdown(_("Stakeholder groups"), _in_words(heard["groups"], lambda code: groups.get(code, code)))
    yield Breakdown(_("Regions"), _in_words(heard["regions"], region_label))
    yield Breakdown(_("Countries in special situations"), _in_words(heard["special"], region_label))
    yield Breakdown(_("Languages"), _in_words(heard["languages"], _language))
    yield Breakdown(_("Received in the week from"), _in_words(heard["weeks"], _day))


def _in_words(counts: Iterable[tuple[str, int | None]], name_of: Any) -> list[tuple[str, int | None]]:
    return [(str(name_of(name)), n) for name, n in counts]


def _language(code: str) -> str:
    return _("Other languages") if code == OTHER_LANGUAGES else language_name(code)


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso))


@published_page
def heard(visit: Visit, published: tuple[Publication, ...]) -> HttpResponse:
    figures = find.figures(visit.consultation.pk, rounds.version())
    today = timezone.now().astimezone(ZoneInfo(visit.consultation.time_zone)).date()
    promised = {one.respond_by for one in published if one.respond_by is not None and one.is_public}
    return rendered(
        visit,
        "heard.html",
        sums=figures.sums if figures is not None else {},
        heard=figures.heard if figures is not None else {},
        tables=list(breakdowns(figures.heard)) if figures is not None and figures.heard else [],
        min_cell=MIN_CELL,
        published=published,
        promises=[(day, day < today) for day in sorted(promised)],
    )
