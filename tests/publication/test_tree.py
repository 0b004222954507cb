"""The hash tree, against the values that RFC 6962 implementations share, and against the checks of verify.py."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publication.register.tree import (
    EMPTY,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)
from publication.verifier import verify

# The leaves and roots of the tests that certificate transparency's implementations have in common.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def node_of(hashes: list[bytes]):
    def node(level: int, index: int) -> bytes:
        if level == 0:
            return hashes[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def test_the_roots_that_everybody_has():
    assert hashlib.sha256(b"").digest() == EMPTY == root_of([])
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert [root_of(hashes[:n]).hex() for n in range(1, 9)] == ROOTS


@pytest.mark.parametrize("size", range(1, 70))
def test_every_proof_of_every_small_tree(size):
    leaves = [bytes([n]) for n in range(size)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    root = root_of(hashes)
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(index, size, node_of(hashes))
        assert verify.root_by_inclusion(leaf, index, size, proof) == root
    for earlier in range(1, size + 1):
        proof = consistency_proof(earlier, size, node_of(hashes))
        verify.check_consistency(earlier, root_of(hashes[:earlier]), size, root, proof)


def leads(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    try:
        return verify.root_by_inclusion(leaf, index, size, proof) == root
    except verify.Wrong:
        return False


@given(st.integers(2, 600), st.data())
def test_nothing_else_is_proven(size, data):
    """Another place, another leaf, a step more, a step less, another order, one flipped bit: none leads to the root."""
    hashes = [leaf_hash(n.to_bytes(2)) for n in range(size)]
    root, index = root_of(hashes), data.draw(st.integers(0, size - 1))
    leaf, proof = index.to_bytes(2), inclusion_proof(index, size, node_of(hashes))
    assert leads(leaf, index, size, proof, root)
    other = data.draw(st.integers(0, size).filter(lambda n: n != index))
    assert not leads(leaf, other, size, proof, root)
    assert not leads(other.to_bytes(2), index, size, proof, root)
    assert not leads(leaf, index, size, proof[:-1], root)
    assert not leads(leaf, index, size, [*proof, root], root)
    if len(proof) > 1:
        assert not leads(leaf, index, size, proof[::-1], root)
    step, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(proof[step]) ^ (1 << bit)).to_bytes(32)
    assert not leads(leaf, index, size, [*proof[:step], flipped, *proof[step + 1 :]], root)


@given(st.integers(2, 300), st.data())
def test_a_rewritten_tree_is_not_consistent(size, data):
    earlier = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, earlier - 1))
    hashes = [leaf_hash(n.to_bytes(2)) for n in range(size)]
    rewritten = [*hashes[:changed], leaf_hash(b"another"), *hashes[changed + 1 :]]
    proof = consistency_proof(earlier, size, node_of(rewritten))
    with pytest.raises(verify.Wrong):
        verify.check_consistency(earlier, root_of(hashes[:earlier]), size, root_of(rewritten), proof)
