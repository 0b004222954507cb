from celery import shared_task

from accounts import security_log


@shared_task(name="accounts.delete_outdated_events")
def delete_outdated_events() -> None:
    security_log.delete_outdated()
