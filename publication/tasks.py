from celery import shared_task

from publication.register import log


@shared_task(name="publication.append_to_register")
def append_to_register() -> None:
    log.append_and_sign()
