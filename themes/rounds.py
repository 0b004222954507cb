"""The consultations as every page shows them: read once, kept in the process, read again when something has changed.

Triggers give `themes_roundversion` another version with each change of a consultation, its areas, kinds, timeline or
deadline (migrations/sql/round_version.sql). A process asks for it once a second at most, so a page is never more than
two seconds behind. What decides a sending is the guard in the database, which reads the window itself.

What is handed out is shared by all threads: nobody changes it.
"""

import threading
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import OperationalError, connection
from django.db.models import Prefetch
from django.utils import timezone

from themes import intake
from themes.models import Consultation, Theme

MAX_AGE = 1.0  # seconds for which a process believes that nothing has changed
LOCK_SECONDS = 5.0  # seconds that a thread waits for another's answer


@dataclass(frozen=True)
class _Read:
    consultations: tuple[Consultation, ...]
    version: uuid.UUID
    checked_at: float  # on the monotonic clock


_lock = threading.Lock()
_last = _Read((), uuid.uuid4(), float("-inf"))


def consultations(*, max_age: float | None = None) -> tuple[Consultation, ...]:
    """All of them, the latest first, each with its areas and their kinds, its timeline and its changes of the deadline.

    Args:
        max_age: how many seconds old it may be; 0 for what stands in the database now.
    """
    global _last  # noqa: PLW0603 - one for the process
    most = MAX_AGE if max_age is None else max_age
    if time.monotonic() - _last.checked_at <= most:
        return _last.consultations
    # While PostgreSQL is silent, one thread asks it; the others must not wait for as long as that one, each in turn.
    if not _lock.acquire(timeout=LOCK_SECONDS):
        raise OperationalError("the database has not answered another thread")
    try:
        # Another thread may have read it while this one waited.
        if time.monotonic() - _last.checked_at > most or not most:
            checked_at, version = time.monotonic(), _version()
            # The version first: what is read after it may be newer than it says, and is then read once more.
            is_known = version == _last.version
            _last = _Read(_last.consultations if is_known else _read(), version, checked_at)
        return _last.consultations
    finally:
        _lock.release()


def consultation_at(slug: str, *, max_age: float | None = None) -> Consultation | None:
    """The one with this address, public or not."""
    return next((each for each in consultations(max_age=max_age) if each.slug == slug), None)


def version() -> uuid.UUID:
    """Of what `consultations` hands out: it names a state of all of them, for what is made of it and kept."""
    consultations()
    return _last.version


def seconds_left() -> float:
    """Until the next opening or deadline, which changes what pages say; of none, for ever."""
    now = timezone.now()
    return min(
        (intake.time_to_change(each, now) for each in _last.consultations), default=timedelta.max
    ).total_seconds()


def _version() -> uuid.UUID:
    """One that was never there before, where nothing has been written yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM themes_roundversion")
        row = cursor.fetchone()
    return row[0] if row else uuid.uuid4()


def _read() -> tuple[Consultation, ...]:
    themes = Prefetch("themes", Theme.objects.select_related("kind"))
    return tuple(Consultation.objects.prefetch_related(themes, "milestones", "extensions__announcements"))
