"""What readers tell of a published text: it waits in the workspace for somebody who looks and says what was done."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publication.models import PublishedText, Report
from submissions.mail import messages
from submissions.models import Mail
from submissions.signals import MailLinks, links_of_mail
from themes.intake import DatabaseClock, database_now

MAX_WAITING, MAX_WAITING_IN_ROUND = 50, 2_000  # of one text, and in all: so many say all there is to say
# One mail a round in so long: strangers must not fill the secretariat's mailbox.
PAUSE = timedelta(hours=1)
ABOUT = "report"
RETENTION = timedelta(days=365)


@transaction.atomic
def receive(published: PublishedText, *, kind: str, message: str, email: str, language: str) -> bool:
    """Keeps it, and mails the secretariat that there is one; nothing that a stranger wrote goes into that mail.

    Returns:
        False if so many wait, for this text or in all, that another would say nothing new.
    """
    waiting = Report.objects.filter(published__consultation=published.consultation_id, answered_at=None)
    if waiting.count() >= MAX_WAITING_IN_ROUND or waiting.filter(published=published).count() >= MAX_WAITING:
        return False
    report = Report.objects.create(published=published, kind=kind, message=message, email=email, page_language=language)
    about = f"{ABOUT}:{published.consultation_id}"
    if settings.CONTACT_EMAIL and not Mail.objects.filter(about=about, queued_at__gt=database_now() - PAUSE).exists():
        messages.queue_to_staff(
            settings.CONTACT_EMAIL,
            template="publication/mail/report.txt",
            subject=_("A reader reports a published text"),
            at=database_now(),
            about=about,
            path=reverse("admin:publication_report_change", args=[report.pk]),
        )
    return True


def answer(pk: int, *, by: Any, what: str) -> bool:
    """Of two answers the first counts."""
    rows = Report.objects.filter(pk=pk, answered_at=None)
    return bool(rows.update(answered_by=by, answered_at=DatabaseClock(), answer=what.strip()))


def remove_old() -> None:
    """What was answered goes after a year, and so does an address, answered or not."""
    long_ago = database_now() - RETENTION
    Report.objects.filter(answered_at__lt=long_ago).delete()
    Report.objects.filter(received_at__lt=long_ago).exclude(email="").update(email="")


@receiver(links_of_mail, dispatch_uid="publication.report_of_mail")
def links(sender: Any, mail: Mail, **kwargs: Any) -> MailLinks | None:
    """A mail about reports has no link of its own."""
    return MailLinks() if mail.about.startswith(f"{ABOUT}:") else None
