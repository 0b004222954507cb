"""Rows that wait for a worker: taking the next one, and when to try again what failed.

A row that can be claimed has `attempts` and `due_at`. The claim is committed before the work begins, so that no
transaction waits for a mail server or a disk, and a row that kills its worker is not tried for ever.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def claim(due: "QuerySet[Row]", values: Callable[[int], dict[str, Any]]) -> Row | None:
    """Takes the first row of `due` that no other worker holds, and counts the attempt.

    Args:
        due: the rows whose turn it is, in the order in which they are taken.
        values: the columns to set with it, by the number of this attempt, from 1.

    Returns:
        The row as it was, with `attempts` counted; None when nothing is due.
    """
    with transaction.atomic(durable=True):
        row = due.select_for_update(skip_locked=True, of=("self",)).first()
        if row is not None:
            attempts: int = row.attempts + 1  # type: ignore[attr-defined]
            type(row)._default_manager.filter(pk=row.pk).update(attempts=attempts, **values(attempts))
            row.attempts = attempts  # type: ignore[attr-defined]
        return row


def backoff(attempts: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """How long to wait after so many attempts: `first`, then twice as long each time, and `longest` at the most."""
    doubled: timedelta = first * 2 ** min(attempts - 1, 20)
    return min(doubled, longest)
