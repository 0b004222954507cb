"""The worker's part: draws what was confirmed, publishes it in one transaction, and keeps it in step with reviews."""

import logging

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from publication import figures, words
from publication.archive import build
from publication.lock import lock_version, wait_for_holders_back
from publication.models import Publication, PublishedText
from publication.texts import choose_leads, draw
from themes.intake import DatabaseClock
from wsis.single_worker import single_worker

logger = logging.getLogger(__name__)

LOCK_SPACE = 0x50554257  # "PUBW" in ASCII, beside themes/lock.py's
BATCH = 500


def keep_up() -> int:
    """Every publication's texts that are to be drawn, and what follows from them.

    Returns:
        How many texts were drawn.
    """
    with single_worker(LOCK_SPACE) as is_mine:
        if not is_mine:
            return 0
        drawn = sum(map(_keep_up_safely, _with_work()))
        for step in (words.index_new, figures.count_due, build.write_due, build.remove_outdated):
            try:
                step()
            except OperationalError:
                # Somebody holds something back for longer than this waits. The next sweep does it.
                logger.warning("publication: %s waits", step.__module__, exc_info=True)
        return drawn


def _with_work() -> QuerySet[Publication]:
    due = PublishedText.objects.filter(publication=OuterRef("pk"), is_due=True)
    unpublished = Publication.objects.filter(answered_at__isnull=False, is_declined=False, published_at=None)
    return (Publication.objects.filter(Exists(due)) | unpublished).select_related("consultation").order_by("pk")


def _keep_up_safely(publication: Publication) -> int:
    try:
        return _keep_up(publication)
    except Exception:
        # The others go on all the same, and this one with the next sweep. What is due is on no page meanwhile.
        logger.exception("publication %s", publication)
        return 0


def _keep_up(publication: Publication) -> int:
    wait_for_holders_back(publication.consultation_id)
    drawn = 0
    while n := _draw_batch(publication):
        drawn += n
    if publication.published_at is None:
        _publish(publication)
        figures.count(publication.consultation, with_heard=True)
    elif drawn:
        figures.count(publication.consultation)
    return drawn


@transaction.atomic
def _draw_batch(publication: Publication) -> int:
    """Locked before anything of them is read: who holds one back meanwhile waits, and then makes it due again."""
    lock_version()
    due = PublishedText.objects.filter(publication=publication, is_due=True).order_by("pk")
    rows = list(due.select_for_update()[:BATCH])
    if rows:
        # It may have been withdrawn since this sweep began.
        publication.refresh_from_db()
        draw(rows, publication)
        if publication.published_at is not None:
            # With the drawing, or a worker that is killed in between leaves the lists without one of them.
            choose_leads(publication.consultation_id)
    return len(rows)


@transaction.atomic
def _publish(publication: Publication) -> None:
    """Everything of it at one moment. What was held back since it was drawn is due, and follows with the next sweep."""
    lock_version()
    rows = Publication.objects.filter(pk=publication.pk, published_at=None)
    if not rows.update(published_at=DatabaseClock()):
        return
    drawn = PublishedText.objects.filter(publication=publication, is_due=False, removed_at=None)
    drawn.update(is_shown=True)
    choose_leads(publication.consultation_id)
