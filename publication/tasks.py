from celery import shared_task

from publication import mailings, sweep
from publication.register import log, stamps


@shared_task(name="publication.append_to_register")
def append_to_register() -> None:
    log.append_and_sign()


@shared_task(name="publication.keep_up")
def keep_up() -> None:
    sweep.keep_up()


@shared_task(name="publication.stamp_checkpoints")
def stamp_checkpoints() -> None:
    stamps.stamp_due()


@shared_task(name="publication.queue_mailings")
def queue_mailings() -> None:
    mailings.queue_due()
