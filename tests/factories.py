"""What many tests are made of: a consultation whose window stands around a moment, somebody who writes, and sending."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from submissions.models import Draft, LateAccess
from submissions.sending.submit import Sent, submit
from submissions.text.content import Content, ProposedWording
from themes.cutoff_changes import confirm_change
from themes.intake import database_now
from themes.models import AskedChange, Consultation, Extension, Theme, ThemeKind

ARABIC = "إن سد الفجوات الرقمية يتطلب استثماراً عاماً.\n\nونقترح «مؤشرات» واضحة تقاس كل عام."
CHINESE = "人工智能应当服务于发展。\n\n我们建议在零草案中写明“能力建设”。"
ENGLISH = "=SUM(1,2) is how this starts.\n\nIt has \"quotes\", 'apostrophes', a comma, and 🌍.\n\nA third paragraph."
# A text that names a private person in each of its parts.
TEXT = "The village of Li Wei has no link.\nLi Wei asks for one."
FIRST = Content(TEXT, (ProposedWording("60", "A link for each village", "Li Wei says so"),))

OPENS_AT = datetime(2027, 6, 20, 4, 0, tzinfo=UTC)
CLOSES_AT = datetime(2027, 7, 16, 4, 0, tzinfo=UTC)


def make_consultation(*, opens_at: datetime, closes_at: datetime, slug: str = "elements-paper", themes: int = 15):
    consultation = Consultation.objects.create(
        slug=slug,
        title_en=f"Consultation {slug}",
        headline_en="Tell us",
        introduction_en="An introduction.",
        document_title_en="Elements Paper",
        published_at=opens_at,
        time_zone="America/New_York",
        opens_at=opens_at,
        closes_at=closes_at,
        public_since=opens_at,
    )
    feedback, general = ThemeKind.objects.bulk_create(
        ThemeKind(consultation=consultation, position=place, name_en=name, explanation_en=f"What {name} means.")
        for place, name in enumerate(("Feedback invited", "General comments"), start=1)
    )
    Theme.objects.bulk_create(
        Theme(
            consultation=consultation,
            number=number,
            title_en=f"Theme {number}",
            kind=general if number == 8 else feedback,
            prompt_en="" if number == 8 else f"What about {number}?",
        )
        for number in range(1, themes + 1)
    )
    return consultation


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
    return submit(
        consultation=consultation,
        respondent=make_respondent(**answers),
        contents=contents(consultation, texts or {1: "A text."}),
        sending_key=key or uuid.uuid4(),
        amends=amends,
    )


def make_late_access(consultation: Consultation, given_by: User, **values) -> LateAccess:
    """One that may be used until tomorrow."""
    usual = {
        "for_whom": "A mission",
        "email": "late@example.org",
        "reason": "x",
        "expires_at": database_now() + timedelta(days=1),
    }
    return LateAccess.objects.create(consultation=consultation, given_by=given_by, **{**usual, **values})


def move_cutoff_behind_now(consultation: Consultation) -> None:
    """Makes the cutoff a moment ago, as time would. PostgreSQL's clock is never moved, so the cutoff is."""
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=database_now())
    consultation.refresh_from_db()


def bring_forward(consultation: Consultation, to: datetime) -> Extension:
    """An earlier cutoff, as it comes about: one person asks for it, and another does it."""
    return _change(consultation, Extension.Kind.MOVED, to)


def close_early(consultation: Consultation) -> Extension:
    return _change(consultation, Extension.Kind.CLOSED_EARLY, None)


def reopen(consultation: Consultation, until: datetime) -> Extension:
    return _change(consultation, Extension.Kind.REOPENED, until)


def _change(consultation: Consultation, kind: Extension.Kind, to: datetime | None) -> Extension:
    requester, doing = (User.objects.get_or_create(username=name, is_staff=True)[0] for name in ("asking", "doing"))
    change = AskedChange.objects.create(
        consultation=consultation, kind=kind, new_cutoff=to, reason="x", asked_by=requester
    )
    return confirm_change(change, by=doing)
