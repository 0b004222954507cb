"""Leaves small cells out of a count, so that nobody is told by one, nor by taking what is shown from the total."""

from collections.abc import Mapping

MIN_CELL = 5
Shown = dict[str, int | None]


def suppressed(counts: Mapping[str, int]) -> Shown:
    """The cells of one division of a total: None for what is left out.

    Cells from 1 to 4 are left out; and so are more, the smallest first, until those left out are two or more that hold
    at least five together. A zero is shown: it is of nobody.
    """
    hidden = {name for name, n in counts.items() if 0 < n < MIN_CELL}
    left = sorted((n, name) for name, n in counts.items() if n >= MIN_CELL)
    while hidden and left and (len(hidden) < 2 or sum(counts[name] for name in hidden) < MIN_CELL):
        hidden.add(left.pop(0)[1])
    return {name: None if name in hidden else n for name, n in counts.items()}


def suppressed_share(n: int, total: int) -> int | None:
    """A count beside its total: None where it, or what is left of the total, is a small cell."""
    return None if 0 < n < MIN_CELL or 0 < total - n < MIN_CELL else n
