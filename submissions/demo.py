"""Made-up submissions for an install to be tried with: several languages and scripts, groups, countries and days.

The same seed makes the same submissions. All addresses end in example.org, which nobody owns.
"""

import random
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import translation

from submissions.models import Consent, Draft, Respondent, StakeholderGroup, SubmittingAs, country_name
from submissions.sending.submit import MadeUpSubmission, submit_made_up
from submissions.text.content import Content, ProposedWording
from submissions.text.regions import GLOBAL
from themes import intake
from themes.models import QUESTIONS_AFTER, Consultation, Theme

DATA = Path(__file__).with_name("demo.toml")
SPREAD = timedelta(days=24)
# How often each group and language writes, roughly as in comparable rounds.
GROUP_WEIGHTS = {
    StakeholderGroup.CIVIL_SOCIETY: 32,
    StakeholderGroup.PRIVATE_SECTOR: 16,
    StakeholderGroup.TECHNICAL: 14,
    StakeholderGroup.ACADEMIA: 14,
    StakeholderGroup.GOVERNMENT: 13,
    StakeholderGroup.INTERGOVERNMENTAL: 5,
    StakeholderGroup.OTHER: 6,
}
LANGUAGE_WEIGHTS = {"en": 40, "fr": 14, "es": 14, "ar": 9, "zh": 7, "ru": 6, "pt": 7, "hi": 3}


def fill(consultation: Consultation, *, count: int, at: datetime, seed: int = 20) -> int:
    """Adds `count` made-up submissions received between the opening and `at`. Returns how many."""
    with translation.override("en"):
        return submit_made_up(
            consultation=consultation,
            submissions=_made_up(consultation, count, at, random.Random(seed)),  # noqa: S311 - made-up data, no secret
        )


def _made_up(consultation: Consultation, count: int, at: datetime, dice: random.Random) -> Iterator[MadeUpSubmission]:
    content: dict[str, Any] = tomllib.loads(DATA.read_text(encoding="utf-8"))
    languages = {language["code"]: language for language in content["languages"]}
    themes = list(consultation.themes.filter(number__lte=QUESTIONS_AFTER))
    spread = min(SPREAD, intake.open_for(consultation, at))
    for _turn in range(count):
        letter = dice.choice(content["letters"]) if dice.random() < 1 / 40 else None
        code = dice.choices(list(LANGUAGE_WEIGHTS), list(LANGUAGE_WEIGHTS.values()))[0]
        code = letter["code"] if letter else code
        # Most come late: the square of a uniform number crowds the days before `at`.
        received_at = at - spread * dice.random() ** 2 - timedelta(seconds=1)
        yield MadeUpSubmission(
            respondent=_respondent(content, languages[code], dice),
            contents=_letter(letter, themes, dice) if letter else _contents(languages[code], themes, dice),
            received_at=received_at,
        )


def _respondent(content: dict[str, Any], language: dict[str, Any], dice: random.Random) -> Respondent:
    group = dice.choices(list(GROUP_WEIGHTS), list(GROUP_WEIGHTS.values()))[0]
    country = dice.choice(language["countries"])
    person = dice.choice(language["people"])
    if group is StakeholderGroup.INTERGOVERNMENTAL:
        country = GLOBAL
    elif group is StakeholderGroup.GOVERNMENT and country == GLOBAL:
        country = "KE"
    place = "" if country == GLOBAL else country_name(country)
    is_individual = group in {StakeholderGroup.ACADEMIA, StakeholderGroup.OTHER} and dice.random() < 0.4
    if is_individual:
        submitting_as = SubmittingAs.INDIVIDUAL
    elif group is StakeholderGroup.GOVERNMENT:
        submitting_as = SubmittingAs.DELEGATION
    else:
        submitting_as = dice.choices([SubmittingAs.ORGANISATION, SubmittingAs.COALITION], [9, 1])[0]
    name = dice.choice(content["organisations"][group]).format(place=place or "Worldwide").strip()
    return Draft(
        submitting_as=submitting_as,
        organisation="" if is_individual else name,
        stakeholder_group=group,
        country=country,
        contact_name=person,
        email=f"contact-{dice.randrange(10**6):06}@example.org",
        consent=dice.choices(list(Consent), [80, 12, 8])[0],
        language=language["code"],
        has_accepted_privacy=True,
    )


def _contents(language: dict[str, Any], themes: list[Theme], dice: random.Random) -> dict[Theme, Content]:
    how_many = min(len(themes), 1 + int(dice.expovariate(1 / 3.5)))
    return {
        theme: Content(_text(language, theme, dice), _proposals(language, dice))
        for theme in dice.sample(themes, how_many)
    }


def _proposals(language: dict[str, Any], dice: random.Random) -> tuple[ProposedWording, ...]:
    """One in seven proposes wording for a numbered paragraph."""
    if dice.random() > 1 / 7:
        return ()
    wording, reason = dice.sample(language["points"], 2)
    return (ProposedWording(str(dice.randint(1, 90)), wording, reason),)


def _text(language: dict[str, Any], theme: Theme, dice: random.Random) -> str:
    titles = language["themes"]
    opening = dice.choice(language["openings"]).format(theme=titles[(theme.number - 1) % len(titles)])
    points = [*dice.sample(language["points"], 1), *(_sentence(language, dice) for _turn in range(dice.randint(4, 8)))]
    dice.shuffle(points)
    glue = "" if language["code"] == "zh" else " "
    half = (len(points) + 1) // 2
    paragraphs = [opening, glue.join(points[:half]), glue.join(points[half:]), dice.choice(language["closings"])]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _sentence(language: dict[str, Any], dice: random.Random) -> str:
    """Put together of who, what and how: hundreds of them a language, so that no two texts are alike by chance."""
    parts = [dice.choice(language[name]) for name in ("who", "does", "how")]
    if language["code"] == "zh":
        return "".join(parts)
    return " ".join(parts) + ("।" if language["code"] == "hi" else ".")


def _letter(letter: dict[str, Any], themes: list[Theme], dice: random.Random) -> dict[Theme, Content]:
    """The letter of a campaign, with what its senders do to it: a sentence before, one left out, others moved."""
    sentences = list(letter["text"])
    if dice.random() < 0.4:
        dice.shuffle(sentences)
    if dice.random() < 0.2:
        sentences.pop()
    before = [dice.choice(letter["before"])] if dice.random() < 0.5 else []
    return {themes[4 % len(themes)]: Content(" ".join([*before, *(f"{one}." for one in sentences)]))}
