"""Writes down that somebody was shown whom to write to."""

from typing import Any

from submissions.models import ContactView


def note_view(user: Any, where: ContactView.Where, what: str, *, people: int) -> None:
    """`what` names the reference, the filters or the file; `people` is of how many submissions contacts were shown."""
    ContactView.objects.create(seen_by=user, where=where, what=what[:2000], people=people)
