"""Makes the exports that were asked for, one at a time.

Whoever makes one holds a lock that ends with its process (wsis/single_worker.py). So the next sweep knows at once that
an export "being written" is nobody's, and starts it afresh. Each attempt writes where no other did; a file is offered
by one UPDATE that finds the attempt still its own, and until then nothing points to it.
"""

import errno
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic
from typing import Any, BinaryIO, cast

import psycopg
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, QuerySet, Value

from submissions.export import access
from submissions.export.pace import RESTS_WHILE_OPEN, Pace
from submissions.export.pg_copy import run_query, snapshot
from submissions.export.scratch import scratch_file
from submissions.export.spec import ExportSpec
from submissions.models import Audience, Export, Format, Layout, Profile
from submissions.queries.filtered import Chosen, chosen_by
from submissions.queries.filters import UnknownFilter
from submissions.search.index import index_new
from themes import intake
from themes.intake import DatabaseClock, Intake, database_now
from wsis.claims import backoff, claim
from wsis.single_worker import single_worker

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
FIRST_DELAY = timedelta(seconds=10)
MAX_DELAY = timedelta(minutes=5)
PROGRESS_SECONDS = 0.5  # seconds between two looks at whether it was cancelled, which also tell how far it is
LOCK_SPACE = 0x57534945  # "WSIE" in ASCII, beside the consultations' locks of themes/lock.py
State = Export.State
Failure = Export.Failure


class Cancelled(Exception):
    """It is no longer wanted, or another worker has it."""


class Failed(Exception):
    def __init__(self, failure: Export.Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def enqueue(export: Export) -> Export:
    """Puts an export into the queue; the next sweep finds it.

    Raises:
        LayoutNotOffered: the choices do not go together.
    """
    spec_of(export)
    export.save(force_insert=True)
    export.refresh_from_db()
    return export


def cancel(export: Export) -> bool:
    """Calls an export off. Whoever writes it notices within a second and throws it away.

    Returns:
        Whether there was something to call off.
    """
    waiting = Export.objects.filter(pk=export.pk, state__in=[State.WAITING, State.RUNNING])
    return bool(waiting.update(state=State.CANCELLED, finished_at=DatabaseClock()))


def spec_of(export: Export) -> ExportSpec:
    return ExportSpec(
        consultation=export.consultation,
        layout=Layout(export.layout),
        format=Format(export.format),
        profile=Profile(export.profile),
        audience=Audience(export.audience),
        areas=export.chosen_areas(),
        with_set_aside=export.with_set_aside,
        with_notes=export.with_notes,
        selection=export.filters_in_words,
    )


def may_export(user: Any, audience: str) -> bool:
    """Whether somebody may ask for, and be given, an export for this audience."""
    rights = ["submissions.add_export", "submissions.view_submission"]
    if audience == Audience.FULL:
        rights.append("submissions.see_contacts")
    return user is not None and user.is_active and user.is_staff and bool(user.has_perms(rights))


def make_next() -> int | None:
    """Makes the export that has waited longest.

    Returns:
        Its id; None if nothing waits, or another worker is at one.
    """
    with single_worker(LOCK_SPACE) as has_lock:
        if not has_lock or (export := _claim()) is None:
            return None
        try:
            _make(export)
        except Cancelled:
            logger.info("export %s: called off", export.pk)
        except Exception as error:  # noqa: BLE001 - judged, told and logged there
            _put_down(export, error)
        try:
            _remove_files(export, but=_offered_file(export))
        except Exception:
            # The next attempt removes them, if there is one; nothing points to them.
            logger.exception("export %s: what its attempts left could not be removed", export.pk)
        return export.pk


def _claim() -> Export | None:
    """Takes the export that has waited longest, begun or not: whoever holds the lock alone is writing one."""
    due = Export.objects.filter(state__in=[State.WAITING, State.RUNNING], due_at__lte=DatabaseClock())
    # Those whose worker died each time, so that nobody could say why.
    due.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, failure=Failure.DIED, finished_at=DatabaseClock())
    relations = ("consultation", "requested_by")
    return claim(
        due.select_related(*relations).order_by("requested_at", "pk"),
        lambda attempts: {
            "state": State.RUNNING,
            "started_at": DatabaseClock(),
            "rows_done": 0,
            "rows_total": None,
            "error": "",
        },
    )


def _attempt(export: Export) -> QuerySet[Export]:
    return Export.objects.filter(pk=export.pk, state=State.RUNNING, attempts=export.attempts)


def _make(export: Export) -> None:
    if not may_export(export.requested_by, export.audience):
        raise Failed(Failure.FORBIDDEN)
    spec = spec_of(export)
    if len(spec.areas) != len(set(export.areas or ())):
        # One of them is gone: of the others alone, or of all there are, is not what was asked for.
        raise Failed(Failure.FILTERS)
    chosen = _chosen(export)
    submissions, texts = chosen.submissions, chosen.texts
    with scratch_file() as file:
        with snapshot(spec.reads_from) as connection:
            _note(
                export,
                rows_total=spec.count(submissions, connection, texts=texts),
                withdrawals_seen=_seen(access.withdrawals, export, connection),
                holds_seen=sum(_seen(rows, export, connection) for rows in (access.redactions, access.withholdings)),
            )
            written = spec.write(submissions, cast(BinaryIO, file), connection, progress=_Progress(export), texts=texts)
        file.seek(0)
        try:
            _remove_files(export, but="")
            name = default_storage.save(export.stored_name(export.attempts), File(file))
        except OSError as error:
            raise (error if _is_disk_full(error) else Failed(Failure.STORAGE)) from error
        except Exception as error:
            raise Failed(Failure.STORAGE) from error
    _note(
        export,
        state=State.DONE,
        finished_at=DatabaseClock(),
        expires_at=DatabaseClock() + settings.EXPORTS_KEPT,
        rows_done=written.rows,
        file=name,
        byte_count=written.bytes,
        long_cells=written.long_cells,
        sha256=written.sha256,
    )


def _seen(rows: Callable[[Any], QuerySet[Any]], export: Export, connection: BaseDatabaseWrapper) -> int:
    """How many of these rows the snapshot knows."""
    every = rows(export.consultation).order_by().annotate(every=Value(1)).values("every")
    return sum(n for (n,) in run_query(every.annotate(n=Count("pk")).values_list("n"), connection))


def _chosen(export: Export) -> Chosen:
    # What came in a moment ago is to be found, too.
    index_new()
    try:
        return chosen_by(export.filters, of=export.of, user=export.requested_by, at=export.requested_at)
    except UnknownFilter as refusal:
        raise Failed(Failure.FILTERS) from refusal


def _note(export: Export, **values: Any) -> None:
    if not _attempt(export).update(**values):
        raise Cancelled


class _Progress:
    def __init__(self, export: Export) -> None:
        self.export = export
        self.next_look = monotonic() + PROGRESS_SECONDS
        is_open = intake.intake_at(export.consultation, database_now()) is Intake.OPEN
        self.pace = Pace(RESTS_WHILE_OPEN if is_open else 0)

    def __call__(self, rows: int) -> None:
        self.pace()
        if monotonic() >= self.next_look:
            _note(self.export, rows_done=rows)
            self.next_look = monotonic() + PROGRESS_SECONDS


def _put_down(export: Export, error: Exception) -> None:
    """Ends the attempt: for good where trying again is of no use, else until a little later."""
    failure, is_worth_another = _judge(error)
    detail = f"{type(error).__name__}: {error.__cause__ or error}"[:2000]
    logger.warning("export %s: attempt %s ended: %s", export.pk, export.attempts, failure.value, exc_info=error)
    # What was lost with the database is asked of a fresh connection.
    connections["default"].close_if_unusable_or_obsolete()
    if is_worth_another and export.attempts < MAX_ATTEMPTS:
        delay = backoff(export.attempts, first=FIRST_DELAY, longest=MAX_DELAY)
        _attempt(export).update(state=State.WAITING, due_at=DatabaseClock() + delay, error=detail)
    else:
        _end(export, State.FAILED, failure=failure, error=detail)


def _end(export: Export, state: Export.State, **values: Any) -> None:
    Export.objects.filter(pk=export.pk, attempts=export.attempts, state__in=[State.WAITING, State.RUNNING]).update(
        state=state, finished_at=DatabaseClock(), **values
    )


def _judge(error: BaseException) -> tuple[Export.Failure, bool]:
    """Why it failed, and whether it may succeed when it is tried again."""
    if isinstance(error, Failed):
        return error.failure, error.failure is Failure.STORAGE
    if _is_disk_full(error):
        return Failure.DISK_FULL, False
    if any(isinstance(cause, psycopg.errors.DiskFull) for cause in _causes(error)):
        return Failure.DATABASE_FULL, False
    if isinstance(error, OperationalError | InterfaceError):
        return Failure.DATABASE_AWAY, True
    return Failure.UNEXPECTED, False


def _is_disk_full(error: BaseException) -> bool:
    full = {errno.ENOSPC, errno.EDQUOT}
    return any(isinstance(cause, OSError) and cause.errno in full for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _offered_file(export: Export) -> str:
    return Export.objects.filter(pk=export.pk).values_list("file", flat=True).first() or ""


def _remove_files(export: Export, *, but: str) -> None:
    """Removes what its attempts left behind, whole or half, but the one that is offered."""
    for attempt in range(1, export.attempts + 1):
        if (name := export.stored_name(attempt)) != but:
            default_storage.delete(name)
