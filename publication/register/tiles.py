"""The tree's hashes, kept in tiles of 256 (C2SP tlog-tiles): a proof reads a few of them, whatever the log holds.

Tile `index` of level L holds the roots of the subtrees of 256**L leaves, from index * 256 on; level 0 the leaves' own.
"""

from collections.abc import Sequence

from publication.models import RegisterLog, RegisterTile
from publication.register.tree import HASH_BYTES, root_of

WIDTH, BITS = 256, 8


def cut(joined: bytes) -> list[bytes]:
    return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]


class Tiles:
    """The tiles of one log; each is read once."""

    def __init__(self, log: RegisterLog) -> None:
        self.log = log
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def hashes(self, level: int, index: int) -> list[bytes]:
        key = (level, index)
        if key not in self._read:
            row = RegisterTile.objects.filter(log=self.log, level=level, index=index).first()
            self._read[key] = cut(bytes(row.hashes)) if row else []
        return self._read[key]

    def node(self, level: int, index: int) -> bytes:
        """The root of 2**level leaves (tree.py)."""
        tile_level, inside = divmod(level, BITS)
        first = index << inside
        tile, at = divmod(first, WIDTH)
        wanted = self.hashes(tile_level, tile)[at : at + (1 << inside)]
        if len(wanted) == 1 << inside:
            return root_of(wanted)
        raise LookupError(f"The tree has no whole subtree {level}/{index}.")


def append(log: RegisterLog, leaf_hashes: Sequence[bytes]) -> None:
    """Adds leaves at the end; under the lock of whoever appends (log.py)."""
    _append(log, 0, log.size, leaf_hashes)


def _append(log: RegisterLog, level: int, size: int, hashes: Sequence[bytes]) -> None:
    """`size` is how many hashes the level has. Tiles that become whole give the next level one each."""
    todo, whole = list(hashes), []
    while todo:
        index, filled = divmod(size, WIDTH)
        row = RegisterTile.objects.filter(log=log, level=level, index=index).first()
        before = bytes(row.hashes) if row and filled else b""
        taken, todo = todo[: WIDTH - filled], todo[WIDTH - filled :]
        joined = before + b"".join(taken)
        RegisterTile.objects.update_or_create(log=log, level=level, index=index, defaults={"hashes": joined})
        size += len(taken)
        if size % WIDTH == 0:
            whole.append(root_of(cut(joined)))
    if whole:
        _append(log, level + 1, size // WIDTH - len(whole), whole)
