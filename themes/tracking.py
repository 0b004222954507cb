"""Marks what PostgreSQL keeps a history of: every insert, update and delete, also a bulk update's or plain SQL's."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory

Model = TypeVar("Model", bound=type)


def tracked(*trackers: Any, **options: Any) -> Callable[[Model], Model]:
    """A class decorator. Nobody is given a right on the history's own tables: it is read in one place, as a whole."""
    mark: Callable[[Model], Model] = pghistory.track(*trackers, meta={"default_permissions": ()}, **options)
    return mark
