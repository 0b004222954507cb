"""The verbs that touch a cutoff: recording that it has passed, and moving it.

Each takes the consultation's lock exclusively and then runs one guarded UPDATE of named columns, so that two of
them at once, or one beside a rush of sendings, leave one history.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from themes import intake
from themes.intake import DatabaseClock, Intake, database_now
from themes.lock import lock_exclusively
from themes.models import Announcement, AskedChange, Consultation, Extension

# A change that one person asked for waits so long for a second; after that the reason may be another.
WAITS = timedelta(days=1)


def close_due_consultations() -> list[int]:
    """Records the closing of every consultation whose cutoff has passed: `closed_at = closes_at`, however late.

    Running it twice, or eight times at once, is harmless: the conditional UPDATE has one winner.

    Returns:
        The ids of the consultations that this call, and no other, closed.
    """
    due = Consultation.objects.filter(intake.is_due(DatabaseClock())).values_list("pk", flat=True)
    return [pk for pk in list(due) if _close(pk)]


def _close(consultation_id: int) -> bool:
    with transaction.atomic(durable=True):
        lock_exclusively(consultation_id)
        still_due = Consultation.objects.filter(intake.is_due(DatabaseClock()), pk=consultation_id)
        return still_due.update(closed_at=F("closes_at")) == 1


def move_cutoff(
    *,
    consultation_id: int,
    closes_at: datetime,
    reason: str,
    by: User | None,
    announcements: Mapping[str, str] | None = None,
) -> Extension:
    """Moves the cutoff of a consultation that has not closed, and writes the public history row.

    Raises:
        ValidationError: the consultation has closed, or the new cutoff has passed, is the present one or comes before
            it: that one is asked for, and done by another person (confirm_change).
    """
    with _locked(consultation_id) as (consultation, moment):
        extension = _write(Extension.Kind.MOVED, consultation, closes_at, reason=reason, by=by, at=moment)
        if intake.brings_forward(consultation, closes_at):
            raise ValidationError(
                _("The deadline was moved meanwhile, and this would bring it forward. Check it again."), code="forward"
            )
        _announce(extension, announcements)
        return extension


def check_fits(kind: str, consultation: Consultation, closes_at: datetime | None, *, at: datetime) -> None:
    """Whether a change of this kind makes sense at `at`. Of one that is only asked for, before somebody does it.

    Args:
        closes_at: the new cutoff; None of one that is closed early, whose cutoff is the moment itself.

    Raises:
        ValidationError: it does not fit the state, or the new cutoff has passed or leaves no window.
    """
    state = intake.intake_at(consultation, at)
    if kind == Extension.Kind.MOVED and state is Intake.CLOSED:
        raise ValidationError(_("This consultation has closed. It can be re-opened instead."), code="closed")
    if kind == Extension.Kind.CLOSED_EARLY and state is not Intake.OPEN:
        raise ValidationError(_("This consultation is not open, so it cannot be closed early."), code="not_open")
    if kind == Extension.Kind.REOPENED and state is not Intake.CLOSED:
        raise ValidationError(_("This consultation has not closed. Move its deadline instead."), code="not_closed")
    if closes_at is not None and not intake.can_become_cutoff(closes_at, at):
        raise ValidationError(_("The new deadline lies in the past. Choose an instant still to come."), code="past")
    if closes_at is not None and not intake.leaves_a_window(consultation, closes_at):
        raise ValidationError(_("The new deadline lies before the opening."), code="before_opening")


def confirm_change(change: AskedChange, *, by: User) -> Extension:
    """Does what another person asked for, once; that it is another one is held by the database too.

    Raises:
        ValidationError: it was answered before, the same person asked for it, or it does not fit any more.
    """
    with _locked(change.consultation_id) as (consultation, moment):
        row = AskedChange.objects.select_for_update().get(pk=change.pk)
        if row.answered_at is not None:
            raise ValidationError(_("It was answered before."), code="answered")
        if row.asked_at < moment - WAITS:
            raise ValidationError(
                _("Nobody confirmed it within a day. Ask again if it is still wanted."), code="outdated"
            )
        if row.asked_by_id == by.pk:
            raise ValidationError(
                _("Somebody else than the one who asked has to confirm it."), code="asked_change_done_by_another"
            )
        kind, closes_at = Extension.Kind(row.kind), row.new_cutoff or moment
        extension = _write(kind, consultation, closes_at, reason=row.reason, by=row.asked_by, at=moment)
        _announce(extension, row.announcements)
        AskedChange.objects.filter(pk=row.pk).update(answered_by=by, answered_at=moment, extension=extension)
        return extension


def decline(change: AskedChange, *, by: User) -> bool:
    """Calls off what was asked for; whoever asked may do so too.

    Returns:
        False if it was answered before: then nothing happens.
    """
    unanswered = AskedChange.objects.filter(pk=change.pk, answered_at__isnull=True)
    return unanswered.update(answered_by=by, answered_at=DatabaseClock()) == 1


def _announce(extension: Extension, announcements: Mapping[str, str] | None) -> None:
    Announcement.objects.bulk_create(
        Announcement(extension=extension, language=language, text=text.strip())
        for language, text in (announcements or {}).items()
        if text.strip()
    )


@contextmanager
def _locked(consultation_id: int) -> Iterator[tuple[Consultation, datetime]]:
    """The consultation as it is under its lock, and the database's time then."""
    with transaction.atomic(durable=True):
        lock_exclusively(consultation_id)
        yield Consultation.objects.get(pk=consultation_id), database_now()


def prepare(
    kind: Extension.Kind,
    consultation: Consultation,
    closes_at: datetime | None,
    *,
    reason: str,
    by: User | None,
    at: datetime,
) -> Extension:
    """The history row of a change as it would be written at `at`, and is not yet.

    Args:
        closes_at: the new cutoff; `at` itself for one that is closed early.

    Raises:
        ValidationError: it would be refused.
    """
    is_now = kind is Extension.Kind.CLOSED_EARLY
    check_fits(kind, consultation, None if is_now else closes_at, at=at)
    extension = Extension(
        kind=kind,
        consultation=consultation,
        previous_cutoff=consultation.closes_at,
        new_cutoff=at if closes_at is None else closes_at,
        announced_at=at,
        announced_by=by,
        reason=reason,
    )
    extension.full_clean()
    return extension


def _write(
    kind: Extension.Kind,
    consultation: Consultation,
    closes_at: datetime,
    *,
    reason: str,
    by: User | None,
    at: datetime,
) -> Extension:
    extension = prepare(kind, consultation, closes_at, reason=reason, by=by, at=at)
    extension.save(force_insert=True)
    is_now = kind is Extension.Kind.CLOSED_EARLY
    # One UPDATE: the constraint that a recorded closing is the cutoff itself never sees them apart.
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=closes_at, closed_at=closes_at if is_now else None)
    return extension
