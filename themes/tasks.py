from celery import shared_task

from themes import cutoff_changes


@shared_task(name="themes.close_due_consultations")
def close_due_consultations() -> None:
    cutoff_changes.close_due_consultations()
