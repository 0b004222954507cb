from celery import shared_task

from submissions import closing, figures, outbox, reminders
from submissions.drafts import keeping
from submissions.export import giving_out, making
from submissions.flags import raising


@shared_task(name="submissions.write_due_records")
def write_due_records() -> None:
    closing.write_due_records()


@shared_task(name="submissions.send_due_mail")
def send_due_mail() -> None:
    outbox.send_due()


@shared_task(name="submissions.queue_due_reminders")
def queue_due_reminders() -> None:
    reminders.queue_due_reminders()


@shared_task(name="submissions.delete_outdated_drafts")
def delete_outdated_drafts() -> None:
    keeping.delete_outdated_drafts()


@shared_task(name="submissions.make_next_export")
def make_next_export() -> None:
    making.make_next()


@shared_task(name="submissions.remove_expired_exports")
def remove_expired_exports() -> None:
    giving_out.remove_expired()


@shared_task(name="submissions.raise_flags")
def raise_flags() -> None:
    raising.raise_flags()


@shared_task(name="submissions.count_figures")
def count_figures() -> None:
    figures.count_all()
