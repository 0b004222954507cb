"""The link that confirms an address: signed with the server's secret, and stored in no mail and no table."""

from django.conf import settings
from django.urls import reverse

from submissions.models import Submission
from wsis.signed_ids import sign_id, signed_id

_DOOR = "submissions.confirmation"


def link_to(submission: Submission) -> str:
    address = {"slug": submission.consultation.slug, "token": sign_id(submission.pk, door=_DOOR)}
    return settings.PUBLIC_URL + reverse("submissions:confirm", kwargs=address)


def submission_in(token: str) -> int | None:
    """The id of the submission whose address a link confirms; None of a link that was not signed here."""
    return signed_id(token, door=_DOOR)
