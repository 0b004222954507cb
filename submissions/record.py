"""The only way in: every write of a submission.

One durable transaction writes the submission, its contributions and the mail that tells of it. Whether it came in
time is decided by PostgreSQL at COMMIT (migration 0002), so the refusal is caught around the whole transaction, and
`record` returns only when the submission is on disk.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions import outbox
from submissions.canonical import canonical_text, sha256_of
from submissions.models import Contribution, Submission
from submissions.reference import new_reference
from submissions.respondent import RESPONDENT_FIELDS, Respondent
from submissions.words import count_words
from themes.models import Consultation, Theme

# What the database's guard answers (themes/migrations/0002_intake_guard.py).
INTAKE_NOT_OPEN = {"WS001", "WS002"}


class IntakeNotOpen(Exception):
    """The database refused the sending: by its clock, intake was not open at COMMIT."""


class NothingToSend(ValueError):
    """No theme has a text, or a text belongs to no theme of the consultation."""


@dataclass(frozen=True)
class Sent:
    """A stored submission, and whether this call stored it or found it stored."""

    submission: Submission
    is_new: bool


def normalise(text: str) -> str:
    """A text as it is stored: browsers send CRLF, and a line's end is one character here. Nothing else changes."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def record(
    *, consultation: Consultation, respondent: Respondent, texts: Mapping[Theme, str], sending_key: uuid.UUID
) -> Sent:
    """Stores a sending, or finds it stored: a key that was accepted gets its submission again, even after the cutoff.

    Args:
        texts: theme to text; empty ones are left out.
        sending_key: the same for every try of the same sending.

    Raises:
        NothingToSend: no theme has a text.
        IntakeNotOpen: PostgreSQL's clock says it is too early or too late.
    """
    texts = {theme: normalise(text) for theme, text in texts.items() if text.strip()}
    if not texts or any(theme.consultation_id != consultation.pk for theme in texts):
        raise NothingToSend(_("A submission needs a text on at least one theme of its consultation."))
    stored = Submission.objects.filter(sending_key=sending_key).first()
    if stored is not None:
        return Sent(stored, is_new=False)
    try:
        with transaction.atomic(durable=True):
            # Any time will do: the database stamps its own.
            sent, contributions = _insert(consultation, respondent, texts, sending_key, timezone.now())
            if sent.is_new:
                outbox.queue_receipt(sent.submission, contributions)
            return sent
    except DatabaseError as refusal:
        if getattr(refusal.__cause__, "sqlstate", None) in INTAKE_NOT_OPEN:
            raise IntakeNotOpen from refusal
        raise


def _insert(
    consultation: Consultation,
    respondent: Respondent,
    texts: Mapping[Theme, str],
    sending_key: uuid.UUID,
    received_at: datetime,
) -> tuple[Sent, list[Contribution]]:
    reference = new_reference()
    canonical = canonical_text(
        reference=reference,
        consultation=consultation.slug,
        respondent=respondent,
        texts={theme.number: text for theme, text in texts.items()},
    )
    # ON CONFLICT DO NOTHING: of two sendings with one key the second waits for the first, and then finds it.
    Submission.objects.bulk_create(
        [
            Submission(
                consultation=consultation,
                reference=reference,
                sending_key=sending_key,
                received_at=received_at,
                content_sha256=sha256_of(canonical),
                **{name: getattr(respondent, name) for name in RESPONDENT_FIELDS},
            )
        ],
        ignore_conflicts=True,
    )
    submission = Submission.objects.select_related("consultation").get(sending_key=sending_key)
    if submission.reference != reference:
        return Sent(submission, is_new=False), []
    contributions = Contribution.objects.bulk_create(
        Contribution(submission=submission, theme=theme, text=text, words=count_words(text))
        for theme, text in sorted(texts.items(), key=lambda item: item[0].number)
    )
    return Sent(submission, is_new=True), contributions


@dataclass(frozen=True)
class MadeUp:
    """A made-up submission for an install to be tried with. `received_at` is what it says."""

    respondent: Respondent
    texts: Mapping[Theme, str]
    received_at: datetime


def record_made_up(*, consultation: Consultation, submissions: Iterable[MadeUp]) -> int:
    """For `manage.py demo` only: submissions spread over the past, without mail. All of them, or none.

    The stamp of `received_at` is switched off for this transaction alone, which takes the table's owner and holds off
    every other writer until it ends. What refuses a time outside the window stays on.
    """
    count = 0
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE submissions_submission DISABLE TRIGGER submission_stamp")
        for made_up in submissions:
            _insert(consultation, made_up.respondent, made_up.texts, uuid.uuid4(), made_up.received_at)
            count += 1
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE submissions_submission ENABLE TRIGGER submission_stamp")
    return count
