"""Mails to everybody whom something concerns: queued in batches by the worker, and where they went on is kept with each
batch, so that a worker that is killed tells nobody twice and leaves nobody out."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from publication import followers, reports
from publication.models import Mailing, Publication, RegisterCheckpoint
from publication.register import closing
from themes.intake import database_now

logger = logging.getLogger(__name__)

BATCH_SIZE = 500
MAILS_IN_A_SWEEP = 2_000


def queue_due() -> int:
    """The sweep: queues what is still to be mailed, some at a time, and removes what is not to be kept.

    Returns:
        How many mails were queued.
    """
    for step in (followers.remove_outdated, reports.remove_old, _begin_new):
        _safely(step)
    queued = 0
    for pk in Mailing.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True):
        while queued < MAILS_IN_A_SWEEP and (n := _safely(partial(_queue_batch, pk))) is not None:
            queued += n
    return queued


def _safely(step: Callable[[], int | None]) -> int | None:
    """The others are done all the same, and this one by the next sweep."""
    try:
        return step()
    except Exception:
        logger.exception("mailings: %s", step)
        return None


def _begin_new() -> None:
    """Of closings that stand, and of what is public."""
    final = RegisterCheckpoint.objects.filter(closed_at=F("log__consultation__closed_at"), mailing=None)
    published = Publication.objects.filter(published_at__isnull=False, withdrawn_at=None, mailing=None)
    Mailing.objects.bulk_create(
        [*(Mailing(checkpoint=one) for one in final), *(Mailing(publication=one) for one in published)],
        ignore_conflicts=True,
    )


@transaction.atomic
def _queue_batch(pk: int) -> int | None:
    """The next of those who are to be told. None when there are no more, or somebody else is at it."""
    rows = Mailing.objects.filter(pk=pk)
    mailing = rows.filter(finished_at=None).select_for_update(skip_locked=True, of=("self",)).first()
    if mailing is None:
        return None
    at = database_now()
    count = followers.shown(mailing.publication) if mailing.publication is not None else 0
    is_public = mailing.publication is not None and mailing.publication.is_public
    if mailing.publication is not None and is_public and mailing.publication.texts.filter(is_due=True).exists():
        # Some of it is being drawn anew. The next sweep tells how many there are.
        return None
    batch = list(_recipients(mailing).filter(pk__gt=mailing.last_id).order_by("pk")[:BATCH_SIZE])
    for one in batch:
        _queue(mailing, one, count, at)
    if batch:
        rows.update(last_id=batch[-1].pk)
    if len(batch) < BATCH_SIZE:
        rows.update(finished_at=at)
    return len(batch)


def _recipients(mailing: Mailing) -> QuerySet[Any]:
    if mailing.checkpoint is not None:
        # Of a closing that was undone meanwhile nobody is told any more.
        found = closing.senders(mailing.checkpoint)
        return found if closing.stands(mailing.checkpoint) else found.none()
    publication = mailing.publication
    # One that was withdrawn meanwhile is news no more.
    if publication is None or not (publication.is_public and followers.shown(publication)):
        return Publication.objects.none()
    return followers.to_tell(publication)


def _queue(mailing: Mailing, recipient: Any, count: int, at: datetime) -> None:
    if mailing.checkpoint is not None:
        closing.queue_mail(mailing.checkpoint, recipient, at=at)
    elif mailing.publication is not None:
        followers.queue_news(mailing.publication, recipient, count, at=at)
