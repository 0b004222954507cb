"""Tells drafters who left an address what happens to the deadline: once each, and the row says so.

A sweep. What is due is asked of the database, with no memory of when it last ran: a worker that slept through the
third day before the cutoff sends the mail of the last day, and not both.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation

from submissions.drafts.sent import is_unsent
from submissions.mail import messages
from submissions.models import Draft, Reminder, Withdrawal
from themes import intake
from themes.intake import Intake, database_now
from themes.models import Consultation, Extension

BATCH_SIZE = 500
DAYS_BEFORE = {Reminder.Kind.ONE_DAY: timedelta(days=1), Reminder.Kind.THREE_DAYS: timedelta(days=3)}
# An extension that was announced long ago is no news.
NEWS = timedelta(days=2)


def queue_due_reminders() -> int:
    """Queues the mail of every reminder that is due and was not sent. Running it twice, or twice at once, is harmless.

    Returns:
        How many were queued.
    """
    at = database_now()
    return sum(_remind(draft, kind, at=at, extension=extension) for draft, kind, extension in _due(at))


def _due(at: datetime) -> Iterator[tuple[Draft, Reminder.Kind, Extension | None]]:
    for consultation in Consultation.objects.filter(intake.IS_PUBLIC, intake.is_in(Intake.OPEN, at)):
        news = consultation.extensions.filter(announced_at__gt=at - NEWS)
        extension = news.prefetch_related("announcements").last()
        if extension is not None and intake.is_present_cutoff(consultation, extension.new_cutoff):
            drafts = reachable(consultation, Reminder.Kind.EXTENSION).filter(created_at__lt=extension.announced_at)
            for draft in in_batches(drafts):
                yield draft, Reminder.Kind.EXTENSION, extension
    for kind, length in DAYS_BEFORE.items():
        for consultation in Consultation.objects.filter(intake.is_still_ahead(length, at)):
            sooner = [Reminder.Kind.ONE_DAY] if kind is Reminder.Kind.THREE_DAYS else []
            for draft in in_batches(reachable(consultation, kind, *sooner)):
                if intake.was_there_before(consultation, length, draft.created_at) and is_unsent(draft):
                    yield draft, kind, None


def in_batches(drafts: QuerySet[Draft]) -> Iterator[Draft]:
    """In the order of their ids, some at a time. No cursor stays open between them, which a pooler would not keep."""
    last = 0
    while batch := list(drafts.filter(pk__gt=last)[:BATCH_SIZE]):
        yield from batch
        last = batch[-1].pk


def reachable(consultation: Consultation, *kinds: Reminder.Kind) -> QuerySet[Draft]:
    """Drafts with an address that were not told any of `kinds` about the present cutoff, and were not withdrawn."""
    reminded = Reminder.objects.filter(draft=OuterRef("pk"), kind__in=kinds, closes_at=consultation.closes_at)
    withdrawn = Withdrawal.objects.filter(reference=OuterRef("reference"))
    return (
        Draft.objects.filter(~Exists(reminded), ~Exists(withdrawn), consultation=consultation, wants_reminders=True)
        .exclude(Q(email="") & Q(link_email=""))
        .select_related("consultation")
        .order_by("pk")
    )


def _remind(draft: Draft, kind: Reminder.Kind, *, at: datetime, extension: Extension | None) -> bool:
    """Whether this call queued it: of two at once, the constraint lets one through."""
    try:
        with transaction.atomic(durable=True), translation.override(draft.page_language):
            Reminder.objects.create(draft=draft, kind=kind, closes_at=draft.consultation.closes_at, queued_at=at)
            messages.queue_reminder(draft, draft.link_email or draft.email, kind, at=at, extension=extension)
    except IntegrityError:
        return False
    return True
