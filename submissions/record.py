"""The only way in: every write of a submission.

One durable transaction writes the submission, its contributions and the mail that tells of it. Whether it came in
time is decided by PostgreSQL at COMMIT (migration 0002), so the refusal is caught around the whole transaction, and
`record` returns only when the submission is on disk.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions import outbox
from submissions.canonical import canonical_text, sha256_of
from submissions.models import Contribution, LateAttempt, Submission, Withdrawal
from submissions.normal import normalise
from submissions.reference import new_reference
from submissions.respondent import Respondent
from submissions.words import count_words
from themes.intake import DatabaseClock
from themes.models import Consultation, Theme

# What the database's guards answer (themes 0002, submissions 0002).
TOO_LATE, TOO_EARLY, WITHDRAWN = "WS001", "WS002", "WS005"


class IntakeNotOpen(Exception):
    """The database refused: by its clock, intake was not open at COMMIT."""


class IntakeClosed(IntakeNotOpen):
    """… because it was too late."""


class AlreadyWithdrawn(Exception):
    """What was withdrawn takes no further version."""


class NothingToSend(ValueError):
    """No theme has a text, or a text belongs to no theme of the consultation."""


@dataclass(frozen=True)
class Sent:
    """A stored submission, and whether this call stored it or found it stored."""

    submission: Submission
    is_new: bool


def record(
    *,
    consultation: Consultation,
    respondent: Respondent,
    texts: Mapping[Theme, str],
    sending_key: uuid.UUID,
    amends: str = "",
) -> Sent:
    """Stores a sending, or finds it stored: a key that was accepted gets its submission again, even after the cutoff.

    Args:
        texts: theme to text; empty ones are left out.
        sending_key: the same for every try of the same sending.
        amends: the reference of which this is a new version; empty for a first sending.

    Raises:
        NothingToSend: no theme has a text.
        IntakeNotOpen: PostgreSQL's clock says it is too early or (IntakeClosed) too late.
        AlreadyWithdrawn: what it amends was withdrawn.
    """
    texts = {theme: normalise(text) for theme, text in texts.items() if text.strip()}
    if not texts or any(theme.consultation_id != consultation.pk for theme in texts):
        raise NothingToSend(_("A submission needs a text on at least one theme of its consultation."))
    stored = Submission.objects.filter(sending_key=sending_key).first()
    if stored is not None:
        return Sent(stored, is_new=False)
    with _refusals(), transaction.atomic(durable=True):
        # Any time will do: the database stamps its own.
        sent, contributions = _insert(
            consultation, respondent, texts, sending_key, received_at=timezone.now(), amends=amends
        )
        if sent.is_new:
            outbox.queue_receipt(sent.submission, contributions)
        return sent


def withdraw(submission: Submission) -> Withdrawal:
    """Takes a submission back, all its versions. Twice is once.

    Raises:
        IntakeNotOpen: after the cutoff the record is complete, and nothing is taken out of it.
    """
    with _refusals(), transaction.atomic(durable=True):
        withdrawal, is_new = Withdrawal.objects.get_or_create(
            reference=submission.reference,
            defaults={"submission": submission, "withdrawn_at": timezone.now()},  # stamped by the database
        )
        if is_new:
            withdrawal.refresh_from_db()
            outbox.queue_withdrawal(submission, withdrawal.withdrawn_at)
    return withdrawal


def note_late(*, consultation: Consultation, texts: Mapping[Theme, str]) -> LateAttempt:
    """Writes down that a sending came too late: when, how long, and its SHA-256. Not what it said."""
    whole = "\n\n".join(text for _theme, text in sorted(texts.items(), key=lambda item: item[0].number)).encode()
    attempt = LateAttempt.objects.create(
        consultation=consultation,
        arrived_at=DatabaseClock(),
        byte_count=len(whole),
        sha256=sha256_of(whole),
    )
    attempt.refresh_from_db()
    return attempt


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what the database's guards answer into what it means."""
    try:
        yield
    except DatabaseError as refusal:
        state = getattr(refusal.__cause__, "sqlstate", None)
        if state == TOO_LATE:
            raise IntakeClosed from refusal
        if state == TOO_EARLY:
            raise IntakeNotOpen from refusal
        if state == WITHDRAWN:
            raise AlreadyWithdrawn from refusal
        raise


def _insert(
    consultation: Consultation,
    respondent: Respondent,
    texts: Mapping[Theme, str],
    sending_key: uuid.UUID,
    *,
    received_at: datetime,
    amends: str = "",
) -> tuple[Sent, list[Contribution]]:
    reference, version = amends or new_reference(), 1
    if amends:
        version += Submission.objects.filter(reference=amends).count()
    canonical = canonical_text(
        reference=reference,
        version=version,
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
                version=version,
                sending_key=sending_key,
                received_at=received_at,
                content_sha256=sha256_of(canonical),
                **respondent.answers(),
            )
        ],
        ignore_conflicts=True,
    )
    stored = Submission.objects.select_related("consultation").filter(sending_key=sending_key).first()
    if stored is None:
        # Not the key but the version was taken: a colleague amended the same submission in this very moment.
        last = Submission.objects.select_related("consultation").get(reference=reference, version=version)
        return Sent(last, is_new=False), []
    if Contribution.objects.filter(submission=stored).exists():
        return Sent(stored, is_new=False), []
    contributions = Contribution.objects.bulk_create(
        Contribution(submission=stored, theme=theme, text=text, words=count_words(text))
        for theme, text in sorted(texts.items(), key=lambda item: item[0].number)
    )
    return Sent(stored, is_new=True), contributions


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
            _insert(consultation, made_up.respondent, made_up.texts, uuid.uuid4(), received_at=made_up.received_at)
            count += 1
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE submissions_submission ENABLE TRIGGER submission_stamp")
    return count
