"""The only way in: every write of a submission.

One durable transaction writes the submission, its contributions and the mail about it. Whether it came in time is
decided by PostgreSQL at COMMIT (migrations/sql/guards.sql), so the refusal is caught around the whole transaction, and
`submit` returns only when the submission is on disk.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.mail import messages
from submissions.mail.mailboxes import mailbox_of
from submissions.models import Admission, Contribution, Draft, Proposal, Respondent, Submission
from submissions.queries.confirmed import is_confirmed
from submissions.sending import confirmation
from submissions.sending.refusals import refusals
from submissions.text.canonical import canonical_text, sha256_of
from submissions.text.commitment import FORM, Committed, commit
from submissions.text.content import Contents, too_long
from submissions.text.reference import new_reference
from themes.models import Consultation


class NothingToSend(ValueError):
    """No theme has a text, or a text belongs to no theme of the consultation."""


class TooLong(ValueError):
    """More is written on a theme than can be sent. Nothing is cut: it is for the stakeholder to shorten."""


@dataclass(frozen=True)
class Sent:
    """A stored submission, and whether this call stored it or found it stored."""

    submission: Submission
    is_new: bool


def submit(
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
        draft: the draft it was written on, whose private link the receipt's mail carries to a confirmed address.
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
        raise NothingToSend(_("A submission needs a text on at least one area of its consultation."))
    # Whoever opened the draft has asked already; what was sent since meets the constraint.
    if draft is None or draft.was_sent is not False:
        sent_before = Submission.objects.filter(sending_key=sending_key).first()
        if sent_before is not None:
            return Sent(sent_before, is_new=False)
    if long := too_long(contents):
        raise TooLong(", ".join(str(theme) for theme in long))
    with refusals(), transaction.atomic(durable=True):
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
            if confirmation.request(sent.submission):
                messages.queue_notice(sent.submission, contributions)
            else:
                at = sent.submission.received_at
                messages.queue_receipt(sent.submission, contributions, at=at, draft=draft)
            _tell_former_address(sent.submission)
        return sent


def _tell_former_address(submission: Submission) -> None:
    """Whoever has the private link can give a submission another address: its owner is told, at the one before."""
    if submission.version == 1:
        return
    before = Submission.objects.filter(reference=submission.reference, version=submission.version - 1).first()
    if before is None or mailbox_of(before.email) == mailbox_of(submission.email) or not is_confirmed(before):
        return
    messages.queue_changed_address(before, at=submission.received_at)


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
        answers=respondent.answers(),
        contents=contents,
    )
    stored = Submission(
        consultation=consultation,
        reference=reference,
        version=version,
        sending_key=sending_key,
        received_at=received_at,
        content_sha256=sha256_of(canonical),
        **respondent.answers(),
    )
    if not _insert_once(stored, commit(respondent.answers(), contents)):
        # The key was taken, or the version: a colleague amended the same submission in this very moment.
        found = Submission.objects.select_related("consultation", "admission")
        before = found.filter(sending_key=sending_key).first()
        return Sent(before or found.get(reference=reference, version=version), is_new=False), []
    Submission._meta.get_field("admission").set_cached_value(stored, None)  # there is none to be looked for
    if admission is not None:
        admission.submission = stored
        admission.save(force_insert=True)
        admission.refresh_from_db(fields=["entered_at", "is_after_cutoff", "is_late"])
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


def _insert_once(submission: Submission, committed: Committed) -> bool:
    """Stores it with its commitment, and reads back what the database has given it. False if its key, or its version,
    is stored already: of two sendings with one key the second waits here for the first."""
    fields = [each for each in Submission._meta.local_concrete_fields if not each.primary_key]
    columns = ", ".join(connection.ops.quote_name(each.attname) for each in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH sent AS (INSERT INTO submissions_submission ({columns})"  # noqa: S608
            f" VALUES ({', '.join(['%s'] * len(fields))}) ON CONFLICT DO NOTHING RETURNING id, received_at),"
            " bound AS (INSERT INTO submissions_commitment (submission_id, form, salts, digests, value)"
            " SELECT id, %s, %s, %s, %s FROM sent)"
            " SELECT id, received_at FROM sent",
            [
                *(each.get_db_prep_save(each.pre_save(submission, add=True), connection) for each in fields),
                *(FORM, committed.salts, committed.digests, committed.value),
            ],
        )
        row = cursor.fetchone()
    if row is not None:
        submission.pk, submission.received_at = row
        submission._state.adding = False
    return row is not None


@dataclass(frozen=True)
class MadeUpSubmission:
    """A made-up submission for an install to be tried with. `received_at` is what it says."""

    respondent: Respondent
    contents: Contents
    received_at: datetime


def submit_made_up(*, consultation: Consultation, submissions: Iterable[MadeUpSubmission]) -> int:
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
