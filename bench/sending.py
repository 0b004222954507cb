"""One sending, as the page makes it, without the page."""

from uuid import UUID

from submissions.models import Draft
from submissions.sending.submit import submit
from submissions.text.content import Content
from themes.models import Consultation, Theme

ANSWERS = {
    "submitting_as": "organisation",
    "organisation": "A bench",
    "stakeholder_group": "civil-society",
    "country": "KE",
    "contact_name": "A. Person",
    "email": "a.person@example.org",
    "consent": "named",
    "language": "en",
    "has_accepted_privacy": True,
}
TEXT = "The review should say how, and by when. " * 15


def send_one(key: UUID, themes: int = 3) -> None:
    consultation = Consultation.objects.order_by("pk").first()
    assert consultation is not None
    areas = Theme.objects.filter(consultation=consultation).order_by("number")[:themes]
    submit(
        consultation=consultation,
        respondent=Draft(**ANSWERS),
        contents={area: Content(TEXT) for area in areas},
        sending_key=key,
    )
