"""What readers tell of a published text: it waits in the workspace for somebody who looks and says what was done."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publication.models import PublishedText, Report
from submissions.mail import messages
from themes.intake import DatabaseClock, database_now

MAX_WAITING = 50  # of one text: so many say all there is to say
KEPT_AFTER_ANSWER = timedelta(days=365)


@transaction.atomic
def receive(published: PublishedText, *, kind: str, message: str, email: str, language: str) -> bool:
    """Keeps it, and mails the secretariat that there is one; nothing that a stranger wrote goes into that mail.

    Returns:
        False if so many wait for this text that another would say nothing new.
    """
    waiting = Report.objects.filter(published=published, answered_at=None).count()
    if waiting >= MAX_WAITING:
        return False
    report = Report.objects.create(published=published, kind=kind, message=message, email=email, page_language=language)
    if settings.CONTACT_EMAIL and not waiting:
        messages.queue_to_staff(
            settings.CONTACT_EMAIL,
            template="publication/mail/report.txt",
            subject=_("A reader reports a published text"),
            at=database_now(),
            path=reverse("admin:publication_report_change", args=[report.pk]),
        )
    return True


def answer(pk: int, *, by: Any, what: str) -> bool:
    """Of two answers the first counts."""
    rows = Report.objects.filter(pk=pk, answered_at=None)
    return bool(rows.update(answered_by=by, answered_at=DatabaseClock(), answer=what.strip()))


def remove_old() -> None:
    Report.objects.filter(answered_at__lt=DatabaseClock() - KEPT_AFTER_ANSWER).delete()
