from celery import shared_task

from submissions.export import access, jobs, records
from submissions.mail import checkpoints, mailbox, outbox, reminders
from submissions.queries import figures, matrix
from submissions.review import assignments
from submissions.review.flags import sweep
from submissions.search import index


@shared_task(name="submissions.write_due_records")
def write_due_records() -> None:
    records.write_due_records()


@shared_task(name="submissions.send_due_mail")
def send_due_mail() -> None:
    outbox.send_due()


@shared_task(name="submissions.read_mailbox")
def read_mailbox() -> None:
    mailbox.read_mailbox()


@shared_task(name="submissions.queue_due_reminders")
def queue_due_reminders() -> None:
    reminders.queue_due_reminders()


@shared_task(name="submissions.write_due_checkpoint")
def write_due_checkpoint() -> None:
    checkpoints.write_due_checkpoint()


@shared_task(name="submissions.make_next_export")
def make_next_export() -> None:
    jobs.make_next()


@shared_task(name="submissions.remove_expired_exports")
def remove_expired_exports() -> None:
    access.remove_expired()


@shared_task(name="submissions.raise_flags")
def raise_flags() -> None:
    sweep.raise_flags()


@shared_task(name="submissions.tell_assigned")
def tell_assigned() -> None:
    assignments.tell_assigned()


@shared_task(name="submissions.index_new")
def index_new() -> None:
    index.index_new()


@shared_task(name="submissions.count_figures")
def count_figures() -> None:
    figures.count_all()


@shared_task(name="submissions.count_matrices")
def count_matrices() -> None:
    matrix.count_all()
