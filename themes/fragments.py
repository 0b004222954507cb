"""Parts of pages that are the same for every visitor: drawn once for each language, and kept with their row.

Rows of a round are read anew when anything of it has changed (themes/rounds.py), and what was drawn of them goes with
them: nothing here is ever out of date, and nothing has to be thrown away.
"""

from collections.abc import Callable, Hashable

from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MAX_FRAGMENTS = 200  # of one row; the time left is one of them, and changes each minute


def fragment(row: Model, key: tuple[Hashable, ...], draw: Callable[[], SafeString]) -> SafeString:
    """What `draw` gives, which depends on the row, the language and `key` alone."""
    kept: dict[tuple[Hashable, ...], SafeString] = row.__dict__.setdefault("_fragments", {})
    whole = (get_language(), *key)
    if (drawn := kept.get(whole)) is None:
        drawn = draw()
        if len(kept) >= MAX_FRAGMENTS:
            kept.clear()
        kept[whole] = drawn
    return drawn
