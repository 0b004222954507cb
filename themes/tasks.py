from celery import shared_task

from themes import cutoff


@shared_task(name="themes.close_due_consultations")
def close_due_consultations() -> None:
    cutoff.close_due_consultations()
