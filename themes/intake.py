"""The clock room: the only file that compares a moment with a deadline.

The rule, once: intake is open while `opens_at <= moment < closes_at`. The deadline instant itself is closed.
"15 July" means through the whole of 15 July in the consultation's zone: `closes_at` is 16 July 00:00 there.

Nothing here reads a clock: the moment is an argument, taken once at the edge (a view, a task) or given as an
expression of PostgreSQL's own clock. Each rule has its Python form and its SQL form side by side. A third form
stands in the database (themes/migrations/0002_intake_guard.py) and is the one that decides a sending, at COMMIT.
tests/themes/test_intake.py holds the three to one table of moments.
"""

from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, F, Func, Q, TextChoices
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _


class Intake(TextChoices):
    """Whether a consultation takes submissions."""

    UPCOMING = "upcoming", _("Opens soon")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Window(Protocol):
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None


class DatabaseClock(Func):
    """PostgreSQL's clock at the instant of the statement; not `now()`, which is the transaction's start."""

    function = "clock_timestamp"
    template = "%(function)s()"
    arity = 0
    output_field = DateTimeField()

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        """As a migration writes it: in Django's own words, so that no migration imports this file."""
        parts = {"function": self.function, "template": self.template, "output_field": DateTimeField()}
        return "django.db.models.Func", (), parts


def database_now() -> datetime:
    """PostgreSQL's clock. It decides; every other clock only words the pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


Moment = datetime | Combinable

# The window has a length, and a recorded closing is the cutoff itself, however late the sweep woke.
OPENS_BEFORE_IT_CLOSES = Q(closes_at__gt=F("opens_at"))
CLOSED_AT_ITS_CUTOFF = Q(closed_at__isnull=True) | Q(closed_at=F("closes_at"))


def intake_at(window: Window, moment: datetime) -> Intake:
    """What a visitor at `moment` is told. A recorded closing counts whatever this machine's clock says."""
    if window.closed_at is not None or moment >= window.closes_at:
        return Intake.CLOSED
    if moment < window.opens_at:
        return Intake.UPCOMING
    return Intake.OPEN


def is_in(intake: Intake, moment: Moment) -> Q:
    """The SQL form of `intake_at`: the consultations whose intake is `intake` at `moment`."""
    closed = Q(closed_at__isnull=False) | Q(closes_at__lte=moment)
    if intake is Intake.CLOSED:
        return closed
    if intake is Intake.UPCOMING:
        return ~closed & Q(opens_at__gt=moment)
    return ~closed & Q(opens_at__lte=moment)


# What the secretariat is still setting up is nobody's to see, to remind of or to close.
IS_PUBLIC = Q(public_since__isnull=False)


def is_due(moment: Moment) -> Q:
    """Whether the closing is to be recorded. No lower bound: a worker that slept a month still finds it."""
    return IS_PUBLIC & Q(closed_at__isnull=True, closes_at__lte=moment)


def can_become_cutoff(closes_at: datetime, moment: datetime) -> bool:
    """A cutoff can be moved to any instant still to come, later or earlier than the one it replaces."""
    return closes_at > moment


def brings_forward(window: Window, closes_at: datetime) -> bool:
    """Whether this cutoff comes before the present one: somebody who counted on that would be late."""
    return closes_at < window.closes_at


def leaves_a_window(window: Window, closes_at: datetime) -> bool:
    """Whether intake would be open at all with this cutoff."""
    return closes_at > window.opens_at


def has_opened(window: Window, moment: datetime) -> bool:
    """From then on, what stakeholders were told and what receipts vouch for stays as it is."""
    return moment >= window.opens_at


def is_after_closing(window: Window, moment: datetime) -> bool:
    """Of a closing that stands: once it is re-opened, what follows is in time again."""
    return window.closed_at is not None and moment >= window.closed_at


def is_ahead(window: Window, moment: datetime) -> bool:
    """Whether the cutoff is still to come."""
    return window.closed_at is None and window.closes_at > moment


def is_still_ahead(length: timedelta, moment: datetime) -> Q:
    """In SQL: the cutoff is still to come, and `length` or less is left until then."""
    return IS_PUBLIC & Q(closed_at__isnull=True, closes_at__gt=moment, closes_at__lte=moment + length)


def was_there_before(window: Window, length: timedelta, moment: datetime) -> bool:
    """Whether `moment` lies before the last `length` of the window: who came later needs no reminding of it."""
    return moment < last_stretch(window, length)


def is_present_cutoff(window: Window, closes_at: datetime) -> bool:
    """Whether `closes_at` is the cutoff that stands: a change that was changed again is no news any more."""
    return window.closes_at == closes_at


def draft_kept_until(window: Window) -> datetime:
    """Until when drafts stay readable after the cutoff; then they are deleted."""
    return window.closes_at + settings.DRAFTS_KEPT


def is_draft_outdated(moment: Moment) -> Q:
    """In SQL: the closing is recorded and drafts have been kept for as long as was promised."""
    return Q(closed_at__isnull=False, closed_at__lte=moment - settings.DRAFTS_KEPT)


def time_left(window: Window, moment: datetime) -> timedelta:
    """How long until the next change: to the opening when upcoming, to the cutoff when open, else zero."""
    if moment < window.opens_at:
        return window.opens_at - moment
    return max(window.closes_at - moment, timedelta(0))


def time_to_change(window: Window, moment: datetime) -> timedelta:
    """How long until the opening or the cutoff, whichever comes next; for ever where neither is to come."""
    return min((each - moment for each in (window.opens_at, window.closes_at) if each > moment), default=timedelta.max)


def seconds_to_cutoff(window: Window, moment: datetime) -> float:
    """Below zero after it."""
    return (window.closes_at - moment).total_seconds()


def open_for(window: Window, moment: datetime) -> timedelta:
    """How long intake has been open at `moment`; zero before the opening."""
    since, until = open_until(window, moment)
    return until - since


def open_until(window: Window, moment: datetime) -> tuple[datetime, datetime]:
    """From when to when intake has been open, looked at from `moment`; the two are equal before the opening."""
    return window.opens_at, max(window.opens_at, min(moment, window.closes_at))


def moment_in(window: Window, state: Intake) -> datetime:
    """A moment at which intake is in this state, as far as the window alone says."""
    moments = {
        Intake.UPCOMING: window.opens_at - timedelta(days=1),
        Intake.OPEN: window.opens_at + (window.closes_at - window.opens_at) / 2,
        Intake.CLOSED: window.closes_at + timedelta(hours=1),
    }
    return moments[state]


def last_stretch(window: Window, length: timedelta) -> datetime:
    """The moment from which `length` was left to the cutoff."""
    return window.closes_at - length


def is_present_closing(window: Window, closed_at: datetime) -> bool:
    """Whether the closing recorded at `closed_at` still stands: re-opening undoes it, and the next one is another."""
    return window.closed_at == closed_at
