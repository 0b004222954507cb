"""The verbs that touch a cutoff: recording that it has passed, and moving it.

Each takes the consultation's lock exclusively and then runs one guarded UPDATE of named columns, so that two of
them at once, or one beside a rush of sendings, leave one history.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from themes import intake
from themes.intake import DatabaseClock, Intake
from themes.lock import lock_exclusively
from themes.models import Consultation, Extension


def database_now() -> datetime:
    """PostgreSQL's clock. It decides; every other clock only words the pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


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


def move_cutoff(*, consultation_id: int, closes_at: datetime, reason: str, by: User | None) -> Extension:
    """Moves the cutoff of a consultation that has not closed, and writes the public history row.

    Raises:
        ValidationError: the consultation has closed, or the new cutoff has passed or is the present one.
    """
    with transaction.atomic(durable=True):
        lock_exclusively(consultation_id)
        consultation = Consultation.objects.get(pk=consultation_id)
        moment = database_now()
        if intake.intake_at(consultation, moment) is Intake.CLOSED:
            raise ValidationError(_("This consultation has closed; its cutoff can no longer be moved."), code="closed")
        if not intake.can_become_cutoff(closes_at, moment):
            raise ValidationError(_("The new cutoff lies in the past. Choose an instant still to come."), code="past")
        extension = Extension(
            consultation=consultation,
            previous_cutoff=consultation.closes_at,
            new_cutoff=closes_at,
            announced_at=moment,
            announced_by=by,
            reason=reason,
        )
        extension.full_clean()
        extension.save(force_insert=True)
        Consultation.objects.filter(pk=consultation_id).update(closes_at=closes_at)
        return extension
