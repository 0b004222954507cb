from celery import shared_task

from wsis import heartbeat
from wsis.models import Heartbeat


@shared_task(name="wsis.beat_heart")
def beat_heart() -> None:
    """Beat sent it and a worker ran it: one row of proof for both."""
    heartbeat.beat(Heartbeat.Part.WORKER)
