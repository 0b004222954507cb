"""Optimistic locking, the same everywhere: a page says which `version` it showed, and no save goes over another."""

from typing import Any


class EditConflict(Exception):
    """Somebody else saved since the page was opened, and what they saved is not what this save would write.

    Attributes:
        stored: the row as it stands now, or None where there is none any more. Nothing was changed.
    """

    def __init__(self, stored: Any) -> None:
        super().__init__(str(stored))
        self.stored = stored
