"""What a sender needs to show that the register holds what they sent: a file beside the receipt's proof."""

import json

from publication.models import RegisterCheckpoint, RegisterEntry
from publication.register.log import leaf_of
from publication.register.tiles import Tiles
from publication.register.tree import inclusion_proof
from submissions.models import Submission


def inclusion_file(submission: Submission) -> bytes | None:
    """JSON, in UTF-8: the leaf, the way to the root, and the signed checkpoint with that root.

    None as long as the entry stands under no checkpoint: it is signed within the hour.
    """
    sent = RegisterEntry.objects.filter(submission=submission, kind=RegisterEntry.Kind.SENT)
    entry = sent.select_related("log").first()
    if entry is None:
        return None
    checkpoint = RegisterCheckpoint.objects.filter(log=entry.log, size__gt=entry.index).last()
    if checkpoint is None:
        return None
    proof = inclusion_proof(entry.index, checkpoint.size, Tiles(entry.log).node)
    shown = {
        "checkpoint": checkpoint.note,
        "index": entry.index,
        "leaf": leaf_of(submission.consultation.slug, entry.kind, bytes(entry.commitment)).decode(),
        "proof": [one.hex() for one in proof],
    }
    return json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True).encode()
