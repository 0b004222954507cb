"""Once a day the trail's head and the sums of all records go away by mail: what others hold, nobody changes unseen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import SecurityEvent
from submissions.mail import messages
from submissions.models import Checkpoint, Erasure, Record, Submission, TrailLink
from themes.intake import database_now
from themes.models import Consultation


def write_due_checkpoint() -> bool:
    """Writes the day's checkpoint and queues its mail to OPERATOR_EMAIL. Twice, or twice at once, is once.

    Returns:
        Whether this call wrote it.
    """
    at = database_now()
    day = at.astimezone(UTC).date()
    if Checkpoint.objects.filter(day=day).exists():
        return False
    head = TrailLink.objects.order_by("pk").last()
    try:
        with transaction.atomic(durable=True):
            written = Checkpoint.objects.create(
                day=day, link=head.pk if head else 0, sha256=head.sha256 if head else ""
            )
            if settings.OPERATOR_EMAIL:
                messages.queue_checkpoint(written, "\n".join(_lines(written, at)), at=at)
    except IntegrityError:
        return False
    return True


def _lines(written: Checkpoint, at: datetime) -> Iterator[str]:
    """In English, whoever runs the install."""
    yield from (f"Checkpoint of {settings.PUBLIC_URL}, {written.day}", "")
    yield f"Trail: link {written.link}, {written.sha256 or 'none yet'}"
    for consultation in Consultation.objects.order_by("pk"):
        sent = Submission.objects.filter(consultation=consultation)
        yield f"/{consultation.slug}/: {sent.count()} sendings"
        for record in Record.objects.filter(consultation=consultation, written_at__isnull=False).order_by("pk"):
            yield f"  record of {record.closed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {record.sha256}"
    yield f"Erasures so far: {Erasure.objects.count()}"
    yield f"Sign-ins of the emergency account, in the last day: {_emergencies(at)}"
    yield from ("", "Keep this mail where nobody of the install can change it. To compare:")
    yield f"manage.py verify_trail --checkpoint {written.link} {written.sha256}"
    yield "manage.py verify_record <consultation>"


def _emergencies(at: datetime) -> int:
    known = SecurityEvent.objects.filter(kind=SecurityEvent.Kind.EMERGENCY)
    return known.filter(at__gt=at - timedelta(days=1)).count()
