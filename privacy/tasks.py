from celery import shared_task

from privacy import retention


@shared_task(name="privacy.remove_outdated")
def remove_outdated() -> None:
    retention.sweep()
