"""How alike two texts are, from a short signature of each: MinHash over runs of three words, in any script.

A run is three words that follow one another, so that moving sentences about changes hardly any of them, and changing
a word changes three. The likeness estimated is the share of runs that two texts have in common (Jaccard's index), with
a standard error of about 0.06. Texts with a whole band of their signatures in common are worth comparing.

Source: A. Broder, "On the resemblance and containment of documents" (1997); the banding is that of Leskovec, Rajaraman
and Ullman, "Mining of Massive Datasets", section 3.4.
"""

import hashlib
import struct
from itertools import pairwise

from rensa import RMinHash

from submissions.text.words import words_in

# Signatures of another form are not comparable: counted up with every change of what is below, or of the library's.
FORM = 1
SIZE = 64  # numbers in a signature
BAND = 4  # of them in a band: texts alike by half share one of the 16 bands in two cases of three
MIN_WORDS = 12  # "We agree with the paper." is no campaign
ALIKE = 0.5

_PACKED = struct.Struct(f">{SIZE}I")


def signature_of(text: str) -> bytes | None:
    """The signature, 4 bytes a number; None of a text too short to be told from others."""
    words = list(words_in(text))
    if len(words) < MIN_WORDS:
        return None
    pairs = list(pairwise(words))
    signature = RMinHash(num_perm=SIZE, seed=20)
    signature.update(list({f"{first} {second} {third}" for (first, second), (_, third) in pairwise(pairs)}))
    return _PACKED.pack(*signature.digest())


def likeness(one: bytes, other: bytes) -> float:
    """From 0, nothing in common, to 1."""
    pairs = zip(_PACKED.unpack(one), _PACKED.unpack(other), strict=True)
    return float(sum(left == right for left, right in pairs)) / SIZE


def bands_of(signature: bytes, *, among: int) -> list[int]:
    """A key for each band, of 64 bits with a sign. `among` keeps apart what is not to be compared."""
    width = BAND * 4
    return [
        int.from_bytes(
            hashlib.blake2b(
                signature[place : place + width], digest_size=8, salt=struct.pack(">QI", among, place)
            ).digest(),
            signed=True,
        )
        for place in range(0, len(signature), width)
    ]
