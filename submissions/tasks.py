from celery import shared_task

from submissions import closing, outbox, reminders
from submissions.drafts import keeping


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
