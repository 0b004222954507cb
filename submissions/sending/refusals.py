"""What PostgreSQL's guards answer to a sending that comes at the wrong time (migrations/sql/guards.sql)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError

TOO_LATE, TOO_EARLY, WITHDRAWN = "WS001", "WS002", "WS005"  # SQLSTATE
# The unique key by which a late access lets one sending in.
LATE_ACCESS_USED_ONCE = "submissions_admission_late_access_id_key"


class IntakeNotOpen(Exception):
    """The database refused: by its clock, intake was not open at COMMIT."""


class IntakeClosed(IntakeNotOpen):
    """… because it was too late."""


class AlreadyWithdrawn(Exception):
    """What was withdrawn takes no further version."""


@contextmanager
def refusals() -> Iterator[None]:
    """Raises what a guard's refusal means, in the place of the database's error."""
    try:
        yield
    except DatabaseError as refusal:
        state = getattr(refusal.__cause__, "sqlstate", None)
        if state == TOO_LATE:
            raise IntakeClosed from refusal
        if state == TOO_EARLY:
            raise IntakeNotOpen from refusal
        if state == WITHDRAWN:
            raise AlreadyWithdrawn from refusal
        if isinstance(refusal, IntegrityError) and LATE_ACCESS_USED_ONCE in str(refusal):
            raise IntakeClosed from refusal
        raise
