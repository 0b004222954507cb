"""A flood of near-identical texts among others: what the sweep finds of it, and in what time.

    python -m bench.flood [--flood 5000] [--others 5000]

The labelled set: a petition of ten sentences, each copy with sentences moved, left out or put before it and up to
eight words changed, among texts put together of other sentences. Precision is the share of the group that belongs
to the flood, recall the share of the flood that is in the group.
"""

import argparse
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bench.staging import database

PETITION = (
    "We call on the co-facilitators to keep the Internet open, free and affordable for everyone",
    "Every person has the right to connect, to speak and to learn, wherever they live",
    "Community networks must receive spectrum and fair licences in every country",
    "Governments should publish what they spend on connectivity, year by year and region by region",
    "No shutdown of the network is acceptable during elections, examinations or protests",
    "Libraries and schools need lasting funds, not pilot projects that end after twelve months",
    "Data about women, rural people and persons with disabilities must be collected and shown apart",
    "We ask that paragraph 59 names these duties and says who answers for them",
    "The forum that exists deserves a permanent mandate and a stable budget",
    "Our organisation stands ready to help",
)
BEFORE = ("Dear friends", "As a teacher in Kisumu I sign this", "I support the call of the coalition", "We agree")
WORDS = [
    "people",
    "networks",
    "region",
    "funds",
    "open",
    "right",
    "access",
    "climate",
    "children",
    "farmers",
    "teachers",
    "budget",
    "public",
    "islands",
]
WHO = [
    "Ministries",
    "Operators",
    "Regulators",
    "Universities",
    "Libraries",
    "Donors",
    "Cities",
    "Banks",
    "Schools",
    "Hospitals",
    "Editors",
    "Farmers",
]
DO = [
    "measure",
    "fund",
    "publish",
    "protect",
    "translate",
    "audit",
    "share",
    "extend",
    "teach",
    "repair",
    "lower",
    "open",
]
WHAT = [
    "prices",
    "archives",
    "registers",
    "cables",
    "standards",
    "budgets",
    "courses",
    "harvests",
    "clinics",
    "maps",
    "statutes",
    "licences",
]
HOW = (
    "before the next review",
    "with help from neighbours",
    "in every official language",
    "once a year",
    "without new bodies",
    "under parliament's eyes",
    "for remote islands first",
    "by open tender",
    "together with users",
    "at local cost",
    "as Geneva promised",
    "within two budgets",
)


@dataclass(frozen=True)
class Labelled:
    text: str
    is_flood: bool


def labelled(flood: int, others: int, seed: int = 7) -> list[Labelled]:
    """Both kinds, shuffled together."""
    dice = random.Random(seed)
    built = [Labelled(_copy(dice), is_flood=True) for _turn in range(flood)]
    built += [Labelled(_other(dice), is_flood=False) for _turn in range(others)]
    dice.shuffle(built)
    return built


def _copy(dice: random.Random) -> str:
    sentences = list(PETITION)
    if dice.random() < 0.6:
        dice.shuffle(sentences)
    if dice.random() < 0.3:
        sentences.pop(dice.randrange(len(sentences)))
    if dice.random() < 0.4:
        sentences.insert(0, dice.choice(BEFORE))
    words = ". ".join(sentences).split()
    for _edit in range(dice.randint(0, 8)):
        place = dice.randrange(len(words))
        match dice.choice(["change", "add", "drop"]):
            case "change":
                words[place] = dice.choice(WORDS)
            case "add":
                words.insert(place, dice.choice(WORDS))
            case _:
                words.pop(place)
    return " ".join(words) + "."


def _other(dice: random.Random) -> str:
    """Of the same matters, and of the petition's own sentences at most one."""
    sentences = [
        f"{dice.choice(WHO)} should {dice.choice(DO)} {dice.choice(WHAT)} and {dice.choice(WHAT)} {dice.choice(HOW)}"
        for _turn in range(dice.randint(4, 14))
    ]
    if dice.random() < 0.3:
        sentences.insert(dice.randrange(len(sentences)), dice.choice(PETITION))
    return ". ".join(sentences) + "."


def store(texts: list[Labelled]) -> dict[int, bool]:
    """As submissions of one text each. Contribution id to whether it is of the flood."""
    from django.db import transaction
    from django.utils import timezone

    from submissions.models import Contribution, Submission
    from themes.models import Consultation

    consultation = Consultation.objects.get()
    theme = consultation.themes.order_by("number")[0]
    with transaction.atomic():
        sent = Submission.objects.bulk_create(
            [
                Submission(
                    consultation=consultation,
                    reference=f"FLOD-{n:04X}-TEST",
                    sending_key=uuid.UUID(int=n),
                    received_at=timezone.now(),
                    content_sha256="0" * 64,
                    submitting_as="organisation",
                    organisation=f"Organisation {n}",
                    stakeholder_group="civil-society",
                    country="KE",
                    contact_name="A. Person",
                    email=f"a{n}@example.org",
                    consent="named",
                    language="en",
                    has_accepted_privacy=True,
                )
                for n in range(len(texts))
            ],
            1000,
        )
        stored = Contribution.objects.bulk_create(
            [
                Contribution(submission=one, theme=theme, text=text.text, words=len(text.text.split()))
                for one, text in zip(sent, texts, strict=True)
            ],
            1000,
        )
    return {one.pk: text.is_flood for one, text in zip(stored, texts, strict=True)}


def found(labels: dict[int, bool]) -> Iterator[tuple[int, int]]:
    """Of each group that any of the flood is in, the largest first: how many it has, and how many of the flood."""
    from submissions.models import Fingerprint

    members = Counter(Fingerprint.objects.values_list("group", flat=True))
    of_flood = Counter(group for pk, group in Fingerprint.objects.values_list("pk", "group") if labels[pk])
    for group, n in of_flood.most_common():
        yield members[group], n


def main() -> None:
    arguments = argparse.ArgumentParser(description="Near-identical texts.")
    arguments.add_argument("--flood", type=int, default=5000)
    arguments.add_argument("--others", type=int, default=5000)
    asked = arguments.parse_args()
    with database():
        from submissions.review.flags.near_duplicates import compare_new
        from submissions.review.flags.sweep import raise_flags

        labels = store(labelled(asked.flood, asked.others))
        began = time.perf_counter()
        compared = compare_new()
        compare_took = time.perf_counter() - began
        began = time.perf_counter()
        raised = raise_flags()
        raise_took = time.perf_counter() - began
        print(f"{compared:,} texts compared in {compare_took:.1f} s, {raised:,} flags raised in {raise_took:.1f} s")
        for members, of_flood in list(found(labels))[:5]:
            print(
                f"a group of {members:,}: precision {of_flood / members:.4f}, recall {of_flood / asked.flood:.4f}"
                f" ({of_flood:,} of the flood)"
            )


if __name__ == "__main__":
    main()
