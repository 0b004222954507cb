"""Seeds the consultation on the Elements Paper from `elements_paper.toml`, once.

A consultation that exists is left as it is, to the last letter: what staff edited, added or removed is theirs.
"""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from themes import intake
from themes.fields import SOURCE_LANGUAGE, column
from themes.intake import Intake
from themes.models import Announcement, Consultation, Extension, Milestone, Question, Theme, ThemeKind

DATA = Path(__file__).with_name("elements_paper.toml")


def midnight_of(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def cutoff_after(day: date, zone: str) -> datetime:
    """The cutoff that lets the whole of `day` count: the midnight that ends it."""
    return midnight_of(day + timedelta(days=1), zone)


def next_cutoff(month_day: str, *, opens_at: datetime, zone: str, at: datetime) -> datetime:
    """The cutoff after the first "07-15" or the like whose day has not ended at `at`."""
    for year in (at.year - 1, at.year, at.year + 1):
        closes_at = cutoff_after(date.fromisoformat(f"{year}-{month_day}"), zone)
        window = Consultation(opens_at=opens_at, closes_at=closes_at)
        if intake.intake_at(window, at) is not Intake.CLOSED:
            return closes_at
    raise AssertionError("a day of the year comes once a year")


def columns(**values: Any) -> dict[str, Any]:
    """Each text in its languages as the columns that hold it; any other value as it is."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        texts = value.items() if isinstance(value, dict) else [(None, value)]
        found |= {column(name, language) if language else name: text for language, text in texts}
    return {name: value.strip() if isinstance(value, str) else value for name, value in found.items()}


def seed(*, at: datetime, historical: bool = False) -> tuple[Consultation, bool]:
    """Makes the consultation with its themes and timeline, if there is none of its address.

    Args:
        at: the moment for which "the next 15 July" is meant.
        historical: the window of 2025 instead, with its extension to 25 July.

    Returns:
        The consultation, and whether it was made now.
    """
    content: dict[str, Any] = tomllib.loads(DATA.read_text(encoding="utf-8"))
    zone, window = content["time_zone"], content["window"]
    identity = content["historical"] if historical else content
    opens_at = midnight_of(window["opens_on"], zone)
    if historical:
        closes_at = cutoff_after(content["historical"]["extension"]["last_day"], zone)
    else:
        closes_at = next_cutoff(window["last_day"], opens_at=opens_at, zone=zone, at=at)
    with transaction.atomic():
        consultation, is_new = Consultation.objects.get_or_create(
            slug=identity["slug"],
            defaults={
                **columns(
                    title=identity["title"],
                    **{name: content[name] for name in ("headline", "introduction", "document_title", "document_url")},
                ),
                "published_at": midnight_of(window["published_on"], zone),
                "time_zone": zone,
                "opens_at": opens_at,
                "public_since": min(opens_at, at),
                "closes_at": closes_at,
            },
        )
        if is_new:
            _fill(consultation, content, historical=historical)
    return consultation, is_new


def _fill(consultation: Consultation, content: dict[str, Any], *, historical: bool) -> None:
    kinds = {
        kind.pop("key"): ThemeKind(consultation=consultation, position=position, **columns(**kind))
        for position, kind in enumerate(content["kinds"], start=1)
    }
    ThemeKind.objects.bulk_create(kinds.values())
    Theme.objects.bulk_create(
        Theme(consultation=consultation, kind=kinds[theme.pop("kind")], **columns(**theme))
        for theme in content["themes"]
    )
    for question in content["questions"]:
        Question(consultation=consultation, **columns(**question)).save()
    Milestone.objects.bulk_create(
        Milestone(consultation=consultation, position=position, **columns(**milestone))
        for position, milestone in enumerate(content["milestones"], start=1)
    )
    if historical:
        extension = content["historical"]["extension"]
        reason = dict(extension["reason"])
        announced = Extension.objects.create(
            consultation=consultation,
            previous_cutoff=cutoff_after(content["historical"]["last_day"], consultation.time_zone),
            new_cutoff=consultation.closes_at,
            announced_at=midnight_of(extension["announced_on"], consultation.time_zone),
            reason=reason.pop(SOURCE_LANGUAGE),
        )
        Announcement.objects.bulk_create(
            Announcement(extension=announced, language=language, text=text) for language, text in reason.items()
        )
