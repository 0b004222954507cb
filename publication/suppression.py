"""Counts of people as the public reads them: so that nobody is told by one, nor by taking one from another."""

from collections.abc import Mapping

MIN_CELL = 5
STEP = 5


def rounded(n: int) -> int | None:
    """To the nearest five; None for what is fewer than five and not none. A zero is shown: it is of nobody.

    Totals are rounded by themselves. So neither the cells of a division nor those of another one, nor those that are
    known by name, leave a single value for what was left out.
    """
    if 0 < n < MIN_CELL:
        return None
    return (2 * n + STEP) // (2 * STEP) * STEP


def shown(counts: Mapping[str, int]) -> list[tuple[str, int | None]]:
    return [(name, rounded(n)) for name, n in counts.items()]
