"""The only way in: every write of a submission.

One durable transaction writes the submission, its contributions and the mail that tells of it. Whether it came in
time is decided by PostgreSQL at COMMIT (migration 0002), so the refusal is caught around the whole transaction, and
`record` returns only when the submission is on disk.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions import confirming, outbox
from submissions.canonical import canonical_text, sha256_of
from submissions.contents import Contents, too_long
from submissions.models import Admission, Contribution, Draft, LateAttempt, Proposal, Submission, Withdrawal
from submissions.reference import new_reference
from submissions.respondent import Respondent
from themes.intake import DatabaseClock
from themes.models import Consultation

# What the database's guards answer (themes 0002, submissions 0002).
TOO_LATE, TOO_EARLY, WITHDRAWN = "WS001", "WS002", "WS005"
# The unique key by which a late access lets one sending in.
USED_ONCE = "submissions_admission_late_access_id_key"


class IntakeNotOpen(Exception):
    """The database refused: by its clock, intake was not open at COMMIT."""


class IntakeClosed(IntakeNotOpen):
    """… because it was too late."""


class AlreadyWithdrawn(Exception):
    """What was withdrawn takes no further version."""


class NothingToSend(ValueError):
    """No theme has a text, or a text belongs to no theme of the consultation."""


class TooLong(ValueError):
    """More is written on a theme than can be sent. Nothing is cut: it is for the stakeholder to shorten."""


@dataclass(frozen=True)
class Sent:
    """A stored submission, and whether this call stored it or found it stored."""

    submission: Submission
    is_new: bool


def record(
    *,
    consultation: Consultation,
    respondent: Respondent,
    contents: Contents,
    sending_key: uuid.UUID,
    amends: str = "",
    draft: Draft | None = None,
    admission: Admission | None = None,
) -> Sent:
    """Stores a sending, or finds it stored: a key that was accepted gets its submission again, even after the cutoff.

    Args:
        contents: theme to what is written on it; empty ones are left out.
        sending_key: the same for every try of the same sending.
        amends: the reference of which this is a new version; empty for a first sending.
        draft: the desk it was written on, whose private link the receipt's mail carries.
        admission: not saved yet; how it came in, where that was not by the form in time. PostgreSQL says whether it
            is late, and lets nothing late in without.

    Raises:
        NothingToSend: no theme has a text or a row.
        TooLong: more is written on a theme than its limit allows.
        IntakeNotOpen: PostgreSQL's clock says it is too early or (IntakeClosed) too late.
        AlreadyWithdrawn: what it amends was withdrawn.
    """
    contents = {theme: content.normalised() for theme, content in contents.items()}
    contents = {theme: content for theme, content in contents.items() if not content.is_empty}
    if not contents or any(theme.consultation_id != consultation.pk for theme in contents):
        raise NothingToSend(_("A submission needs a text on at least one theme of its consultation."))
    stored = Submission.objects.filter(sending_key=sending_key).first()
    if stored is not None:
        return Sent(stored, is_new=False)
    if long := too_long(contents):
        raise TooLong(", ".join(str(theme) for theme in long))
    with _refusals(), transaction.atomic(durable=True):
        # Any time will do: the database stamps its own.
        sent, contributions = _insert(
            consultation,
            respondent,
            contents,
            sending_key,
            received_at=timezone.now(),
            amends=amends,
            admission=admission,
        )
        if sent.is_new:
            token = confirming.ask(sent.submission)
            outbox.queue_receipt(sent.submission, contributions, draft=draft, token=token)
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


def note_late(*, consultation: Consultation, contents: Contents) -> LateAttempt:
    """Writes down that a sending came too late: when, how long, and its SHA-256. Not what it said."""
    parts: list[str] = []
    for _theme, content in sorted(contents.items(), key=lambda item: item[0].number):
        rows = (part for row in content.proposals for part in (row.paragraph, row.wording, row.reason))
        parts += [part for part in (content.text, *rows) if part]
    whole = "\n\n".join(parts).encode()
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
        if isinstance(refusal, IntegrityError) and USED_ONCE in str(refusal):
            raise IntakeClosed from refusal
        raise


def _insert(
    consultation: Consultation,
    respondent: Respondent,
    contents: Contents,
    sending_key: uuid.UUID,
    *,
    received_at: datetime,
    amends: str = "",
    admission: Admission | None = None,
) -> tuple[Sent, list[Contribution]]:
    reference, version = amends or new_reference(), 1
    if amends:
        version += Submission.objects.filter(reference=amends).count()
    canonical = canonical_text(
        reference=reference,
        version=version,
        consultation=consultation.slug,
        respondent=respondent,
        contents={theme.number: content for theme, content in contents.items()},
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
    if admission is not None:
        admission.submission = stored
        admission.save(force_insert=True)
        admission.refresh_from_db(fields=["entered_at", "is_late"])
    written = sorted(contents.items(), key=lambda item: item[0].number)
    contributions = Contribution.objects.bulk_create(
        Contribution(
            submission=stored, theme=theme, text=content.text, words=content.words, own_consent=content.consent
        )
        for theme, content in written
    )
    Proposal.objects.bulk_create(
        Proposal(contribution=contribution, position=position, **asdict(row))
        for contribution, (_theme, content) in zip(contributions, written, strict=True)
        for position, row in enumerate(content.proposals, start=1)
    )
    return Sent(stored, is_new=True), contributions


@dataclass(frozen=True)
class MadeUp:
    """A made-up submission for an install to be tried with. `received_at` is what it says."""

    respondent: Respondent
    contents: Contents
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
            _insert(consultation, made_up.respondent, made_up.contents, uuid.uuid4(), received_at=made_up.received_at)
            count += 1
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE submissions_submission ENABLE TRIGGER submission_stamp")
    return count
