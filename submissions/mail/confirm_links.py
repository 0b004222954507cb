"""The link that confirms an address: signed with the server's secret, and stored in no mail and no table."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from submissions.models import Submission


def _signer() -> Signer:
    return Signer(salt="submissions.confirmation", sep=".")


def link_to(submission: Submission) -> str:
    address = {"slug": submission.consultation.slug, "token": _signer().sign(str(submission.pk))}
    return settings.PUBLIC_URL + reverse("submissions:confirm", kwargs=address)


def submission_in(token: str) -> int | None:
    """The id of the submission whose address a link confirms; None of a link that was not signed here."""
    try:
        return int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
