"""The hash tree of a log, as RFC 9162 (section 2.1) has it: its root, and the proofs that lead to it.

A hash is 32 bytes of SHA-256. Leaves are counted from 0; a tree of no leaves has a root, too.
Proofs are worked out from `node`, which says the root of a whole subtree: of the 2**level leaves from index * 2**level.
"""

import hashlib
from collections.abc import Callable, Sequence

Node = Callable[[int, int], bytes]  # level, index

HASH_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()


class InvalidProof(ValueError):
    """The proof does not lead to the root."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Of leaves, or of whole subtrees of one size, by their hashes."""
    if not hashes:
        return EMPTY
    return range_root(0, len(hashes), lambda level, index: _whole(hashes, level, index))


def _whole(hashes: Sequence[bytes], level: int, index: int) -> bytes:
    if level == 0:
        return hashes[index]
    return node_hash(_whole(hashes, level - 1, 2 * index), _whole(hashes, level - 1, 2 * index + 1))


def range_root(start: int, end: int, node: Node) -> bytes:
    """Of the leaves from `start` up to and without `end`. `start` is where a subtree of that size can begin."""
    size = end - start
    if size & (size - 1) == 0:
        return node(size.bit_length() - 1, start // size)
    middle = start + _split(size)
    return node_hash(range_root(start, middle, node), range_root(middle, end, node))


def tree_root(size: int, node: Node) -> bytes:
    return range_root(0, size, node) if size else EMPTY


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes beside the way from a leaf to the root of the first `size` leaves, the lowest first."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} among {size}.")
    return _path(index, 0, size, node)


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), range_root(middle, end, node)]
    return [*_path(index, middle, end, node), range_root(start, middle, node)]


def consistency_proof(earlier: int, size: int, node: Node) -> list[bytes]:
    """What shows that the first `earlier` leaves of `size` are those that they were."""
    if not 0 < earlier <= size:
        raise ValueError(f"There is no tree of {earlier} in one of {size}.")
    return _subproof(earlier, 0, size, node, is_known=True)


def _subproof(earlier: int, start: int, end: int, node: Node, *, is_known: bool) -> list[bytes]:
    if earlier == end - start:
        return [] if is_known else [range_root(start, end, node)]
    half = _split(end - start)
    middle = start + half
    if earlier <= half:
        return [*_subproof(earlier, start, middle, node, is_known=is_known), range_root(middle, end, node)]
    below = _subproof(earlier - half, middle, end, node, is_known=False)
    return [*below, range_root(start, middle, node)]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
