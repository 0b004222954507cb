from celery import shared_task

from publication import sweep
from publication.register import log


@shared_task(name="publication.append_to_register")
def append_to_register() -> None:
    log.append_and_sign()


@shared_task(name="publication.keep_up")
def keep_up() -> None:
    sweep.keep_up()
