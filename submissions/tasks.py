from celery import shared_task

from submissions import closing, outbox


@shared_task(name="submissions.write_due_records")
def write_due_records() -> None:
    closing.write_due_records()


@shared_task(name="submissions.send_due_mail")
def send_due_mail() -> None:
    outbox.send_due()
