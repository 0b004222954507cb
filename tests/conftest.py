"""What many tests need: a consultation whose window stands around a named moment, and somebody who writes."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from submissions.contents import Content
from submissions.drafts.models import Draft
from submissions.record import Sent, record
from themes.cutoff import database_now, do_asked
from themes.models import AskedChange, Consultation, Extension, Theme
from themes.seed import seed

ARABIC = "إن سد الفجوات الرقمية يتطلب استثماراً عاماً.\n\nونقترح «مؤشرات» واضحة تقاس كل عام."
CHINESE = "人工智能应当服务于发展。\n\n我们建议在零草案中写明“能力建设”。"
ENGLISH = "=SUM(1,2) is how this starts.\n\nIt has \"quotes\", 'apostrophes', a comma, and 🌍.\n\nA third paragraph."

OPENS_AT = datetime(2027, 6, 20, 4, 0, tzinfo=UTC)
CLOSES_AT = datetime(2027, 7, 16, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _static_files(settings, tmp_path):
    """Pages are drawn without collected files: which hash a stylesheet has is no matter of most tests."""
    # Slow on purpose, and slower than most tests that sign somebody in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The second factor has its own tests, tests/wsis/test_second_factor.py, which switch it on.
    settings.SECOND_FACTOR = False
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            **settings.STORAGES["default"],
            "OPTIONS": {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path / "exports"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def make_consultation(*, opens_at: datetime, closes_at: datetime, slug: str = "elements-paper", themes: int = 15):
    consultation = Consultation.objects.create(
        slug=slug,
        title=f"Consultation {slug}",
        headline="Tell us",
        introduction="An introduction.",
        document_title="Elements Paper",
        published_at=opens_at,
        time_zone="America/New_York",
        opens_at=opens_at,
        closes_at=closes_at,
    )
    Theme.objects.bulk_create(
        Theme(
            consultation=consultation,
            number=number,
            title=f"Theme {number}",
            kind="general" if number == 8 else "feedback",
            prompt="" if number == 8 else f"What about {number}?",
        )
        for number in range(1, themes + 1)
    )
    return consultation


@pytest.fixture
def consultation(db):
    """Open, by every clock: from a day ago to a day from now."""
    now = database_now()
    return make_consultation(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))


def make_respondent(**answers) -> Draft:
    return Draft(
        **{
            "submitting_as": "organisation",
            "organisation": "Réseau des bibliothèques",
            "stakeholder_group": "civil-society",
            "country": "KE",
            "contact_name": "Amina Otieno",
            "email": "amina@example.org",
            "consent": "named",
            "language": "fr",
            "has_accepted_privacy": True,
            **answers,
        }
    )


def theme(consultation: Consultation, number: int) -> Theme:
    return Theme.objects.get(consultation=consultation, number=number)


def contents(consultation: Consultation, texts: Mapping[int, str | Content]) -> dict[Theme, Content]:
    return {
        theme(consultation, number): Content(text) if isinstance(text, str) else text for number, text in texts.items()
    }


def send(
    consultation: Consultation,
    texts: Mapping[int, str | Content] | None = None,
    *,
    key: uuid.UUID | None = None,
    amends: str = "",
    **answers,
) -> Sent:
    """Sends `texts`, theme number to text or content, the way the page does."""
    return record(
        consultation=consultation,
        respondent=make_respondent(**answers),
        contents=contents(consultation, texts or {1: "A text."}),
        sending_key=key or uuid.uuid4(),
        amends=amends,
    )


def move_cutoff_behind_now(consultation: Consultation) -> None:
    """Makes the cutoff a moment ago, as time would. PostgreSQL's clock is never moved, so the cutoff is."""
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=database_now())
    consultation.refresh_from_db()


def bring_forward(consultation: Consultation, to: datetime) -> Extension:
    """An earlier cutoff, as it comes about: one person asks for it, and another does it."""
    asking, doing = (User.objects.get_or_create(username=name, is_staff=True)[0] for name in ("asking", "doing"))
    asked = AskedChange.objects.create(
        consultation=consultation, kind="moved", new_cutoff=to, reason="x", asked_by=asking
    )
    return do_asked(asked, by=doing)


@pytest.fixture
def seeded(db):
    return seed(at=timezone.now())[0]
