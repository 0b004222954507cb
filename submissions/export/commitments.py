"""Recomputes what binds each sending to its words: the digests of its parts, from what is stored."""

from submissions.models import Submission
from submissions.text.canonical import canonical_parts
from themes.models import Consultation

CHUNK = 500


class CommitmentBroken(Exception):
    """A sending says something else than it was bound to when it was sent."""


def check_commitments(consultation: Consultation) -> tuple[int, int]:
    """Checks every sending of the consultation, those that were replaced or withdrawn, too.

    Returns:
        How many are bound to their words, and how many were sent before there were commitments.

    Raises:
        CommitmentBroken: with the reference and the version.
    """
    sendings = Submission.objects.filter(consultation=consultation).order_by("pk").select_related("commitment")
    bound = unbound = 0
    for one in sendings.prefetch_related("contributions__theme", "contributions__proposals").iterator(CHUNK):
        commitment = getattr(one, "commitment", None)
        if commitment is None:
            unbound += 1
        elif not commitment.committed.binds(canonical_parts(one.answers(), one.contents)):
            raise CommitmentBroken(f"{one.reference}, version {one.version}: not what was sent.")
        else:
            bound += 1
    return bound, unbound
