"""The link that ends reminders with one click, signed with the server's secret and stored nowhere."""

from django.conf import settings
from django.urls import reverse

from submissions.models import Draft
from wsis.signed_ids import sign_id, signed_id

_DOOR = "submissions.reminders"


def link_to(draft: Draft) -> str:
    address = {"slug": draft.consultation.slug, "token": sign_id(draft.pk, door=_DOOR)}
    return settings.PUBLIC_URL + reverse("submissions:stop-reminders", kwargs=address)


def draft_in(token: str) -> int | None:
    """The id of the draft whose reminders a link ends; None of a link that was not signed here."""
    return signed_id(token, door=_DOOR)
