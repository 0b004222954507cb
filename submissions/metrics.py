"""What runs late or waits, for monitoring (wsis/metrics.py)."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from submissions.models import Export, Mail, Record, Submission
from themes import intake
from themes.models import Consultation
from wsis.metrics import gauge

Readings = Iterable[tuple[dict[str, str], float]]


@gauge("wsis_mails_waiting", "Mails that are due and not sent")
def _mails() -> Readings:
    return [({}, _due_mails().count())]


@gauge("wsis_oldest_mail_waiting_seconds", "How long the one has waited that waits longest")
def _oldest_mail() -> Readings:
    first = _due_mails().order_by("due_at").values_list("due_at", flat=True).first()
    return [({}, (timezone.now() - first).total_seconds() if first else 0.0)]


def _due_mails() -> QuerySet[Mail]:
    return Mail.objects.filter(sent_at=None, failed_at=None, due_at__lte=timezone.now())


@gauge("wsis_mails_given_up", "Mails that could not be sent")
def _mails_given_up() -> Readings:
    return [({}, Mail.objects.filter(failed_at__isnull=False).count())]


@gauge("wsis_seconds_to_cutoff", "Until intake closes; below zero where the closing is overdue", ["round"])
def _seconds_to_cutoff() -> Readings:
    now = timezone.now()
    due = Consultation.objects.filter(intake.IS_PUBLIC, closed_at=None)
    return [({"round": each.slug}, intake.seconds_to_cutoff(each, now)) for each in due]


@gauge("wsis_records_missing", "Rounds that are recorded as closed and have no record yet")
def _records_missing() -> Readings:
    closed = Consultation.objects.filter(closed_at__isnull=False)
    return [({}, closed.exclude(pk__in=Record.objects.values("consultation")).count())]


@gauge("wsis_exports_waiting", "Exports that were asked for and are not made")
def _exports() -> Readings:
    return [({}, Export.objects.filter(state__in=[Export.State.WAITING, Export.State.RUNNING]).count())]


@gauge("wsis_sendings", "What was sent to a round, amendments included", ["round"])
def _sendings() -> Readings:
    rounds = Consultation.objects.filter(intake.IS_PUBLIC)
    return [({"round": each.slug}, Submission.objects.filter(consultation=each).count()) for each in rounds]
