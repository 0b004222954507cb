"""What a page says about an area: its text on the draft, and how that stands to what was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from submissions.models import DraftContribution
from submissions.text.content import Content, Contents, is_too_long
from themes.models import Theme


class State(StrEnum):
    """What a page says of an area, in one word of ours; templates/submissions/public/area_state.html has the words."""

    NOTHING = "nothing"
    DRAFT = "draft"
    SENT = "sent"
    CHANGED = "changed"  # since it was sent, emptied ones too
    LEFT_OUT = "left-out"  # with a text or without
    TOO_LONG = "too-long"


@dataclass(frozen=True)
class AreaState:
    """A theme, and what stands on it. Every page words it from here, so that all of them say the same.

    Attributes:
        row: what the draft holds; None where nothing was ever saved.
        sent: what was sent last; None where nothing was.
    """

    theme: Theme
    row: DraftContribution | None = None
    sent: Content | None = None
    content: Content = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", self.row.content if self.row else Content())

    @property
    def version(self) -> int:
        """Of the draft's row, for optimistic locking; 0 for none."""
        return self.row.version if self.row else 0

    @property
    def words(self) -> int:
        """As counted at the last save."""
        return self.row.words if self.row else 0

    @property
    def is_written(self) -> bool:
        return not self.content.is_empty

    @property
    def is_left_out(self) -> bool:
        return self.row is not None and self.row.is_left_out

    @property
    def is_too_long(self) -> bool:
        return self.row is not None and is_too_long(self.content, self.theme, words=self.row.words)

    @property
    def state(self) -> State:
        if self.is_left_out:
            return State.LEFT_OUT
        if self.is_too_long:
            return State.TOO_LONG
        if self.sent is not None:
            return State.SENT if self.content == self.sent else State.CHANGED
        return State.DRAFT if self.is_written else State.NOTHING


def area_states(
    themes: Iterable[Theme], rows: Mapping[int, DraftContribution], sent: Contents
) -> dict[Theme, AreaState]:
    """By theme, in the themes' order.

    Args:
        rows: theme id to what is on the draft.
        sent: what was sent last.
    """
    return {theme: AreaState(theme, rows.get(theme.pk), sent.get(theme)) for theme in themes}
