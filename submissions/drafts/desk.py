"""The desk's verbs: open, start, save, put away. What opens a draft is the key in the writer's cookie."""

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from submissions.canonical import content_of
from submissions.drafts.models import Draft, DraftContribution
from submissions.models import Submission
from submissions.normal import normalise
from submissions.respondent import RESPONDENT_FIELDS
from submissions.words import count_words
from themes.models import Consultation, Theme

KEY_BYTES = 32
COOKIE_AGE = 365 * 24 * 3600  # seconds


def _cookie_name(consultation: Consultation) -> str:
    return f"draft-{consultation.pk}"


def _hash(key: str) -> str:
    # The key is random and long, so a plain hash keeps it: there is nothing to guess from a dictionary.
    return hashlib.sha256(key.encode()).hexdigest()


def open_draft(request: HttpRequest, consultation: Consultation) -> Draft | None:
    """The draft that the visitor's cookie opens, or None."""
    key = request.COOKIES.get(_cookie_name(consultation), "")
    if not key:
        return None
    return Draft.objects.filter(consultation=consultation, key_hash=_hash(key)).first()


def start_draft(consultation: Consultation, *, at: datetime) -> tuple[Draft, str]:
    """A new draft and its key, which is nowhere stored: give it to the visitor with `hand_over`."""
    key = secrets.token_urlsafe(KEY_BYTES)
    draft = Draft.objects.create(consultation=consultation, key_hash=_hash(key), created_at=at, saved_at=at)
    return draft, key


def hand_over(response: HttpResponse, consultation: Consultation, key: str) -> None:
    response.set_cookie(
        _cookie_name(consultation),
        key,
        max_age=COOKIE_AGE,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def put_away(response: HttpResponse, consultation: Consultation) -> None:
    """The visitor's browser forgets the key; what was written stays on the server."""
    response.delete_cookie(_cookie_name(consultation), samesite="Lax")


def texts_of(draft: Draft | None) -> dict[Theme, str]:
    """Theme to text, in the themes' order, without the empty ones."""
    if draft is None:
        return {}
    rows = draft.contributions.select_related("theme").exclude(text="")
    return {row.theme: row.text for row in rows if row.text.strip()}


def save_text(draft: Draft, theme: Theme, text: str, *, at: datetime) -> None:
    text = normalise(text)
    DraftContribution.objects.update_or_create(
        draft=draft, theme=theme, defaults={"text": text, "words": count_words(text), "saved_at": at}
    )
    Draft.objects.filter(pk=draft.pk).update(saved_at=at)


def last_sent(draft: Draft | None) -> Submission | None:
    """The last version that this draft was sent as, or None."""
    if draft is None:
        return None
    own = Q(reference=draft.reference) if draft.reference else Q(sending_key=draft.sending_key)
    return (
        Submission.objects.filter(own)
        .select_related("consultation", "withdrawal")
        .prefetch_related("contributions__theme")
        .order_by("-version")
        .first()
    )


def is_changed(draft: Draft, submission: Submission) -> bool:
    """Whether the desk says something else than what was sent."""
    now = content_of(draft, {theme.number: text for theme, text in texts_of(draft).items()})
    return now != content_of(submission, {row.theme.number: row.text for row in submission.contributions.all()})


def note_sent(draft: Draft, submission: Submission) -> None:
    """Remembers what the draft became, and makes the key of its next sending.

    Not in the sending's own transaction, and need not be: if it is missed, the key finds what was sent.
    """
    Draft.objects.filter(pk=draft.pk, sending_key=submission.sending_key).update(
        reference=submission.reference, sending_key=uuid.uuid4()
    )


def save_respondent(draft: Draft, answers: Mapping[str, object], *, at: datetime) -> None:
    """Keeps the answers that are right. What was taken back, or is wrong, is open again: it is never sent as it was."""
    named = {name: answers.get(name, name != "has_accepted_privacy" and "") for name in RESPONDENT_FIELDS}
    Draft.objects.filter(pk=draft.pk).update(saved_at=at, **named)


def start_anew(draft: Draft, *, at: datetime) -> str:
    """A fresh draft with what stands on this one: for whoever withdrew and wants to write again. Returns its key."""
    fresh, key = start_draft(draft.consultation, at=at)
    save_respondent(fresh, draft.answers(), at=at)
    for theme, text in texts_of(draft).items():
        save_text(fresh, theme, text, at=at)
    return key


def fingerprint(text: str) -> str:
    """Tells one state of a text from another, so that an old page does not save over a newer text unseen."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()[:16]
