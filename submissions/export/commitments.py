"""Recomputes what binds each sending to its words: the digests of its parts, from what is stored."""

from dataclasses import dataclass

from submissions.models import Submission
from submissions.text.canonical import canonical_parts
from themes.models import Consultation

CHUNK = 500


class CommitmentBroken(Exception):
    """A sending says something else than it was bound to when it was sent."""


@dataclass
class Checked:
    """How many sendings say, word for word, what they were bound to; of how many a part was erased since, so that only
    the others could be checked; and how many were sent before there were commitments."""

    whole: int = 0
    erased: int = 0
    unbound: int = 0

    def __str__(self) -> str:
        more = [f"; of {self.erased} a part was erased since"] if self.erased else []
        more += [f"; {self.unbound} were sent before there were commitments"] if self.unbound else []
        return f"{self.whole} sendings say what they said when they were sent{''.join(more)}"


def check_commitments(consultation: Consultation) -> Checked:
    """Checks every sending of the consultation, those that were replaced or withdrawn, too.

    Raises:
        CommitmentBroken: with the reference and the version.
    """
    sendings = Submission.objects.filter(consultation=consultation).order_by("pk").select_related("commitment")
    checked = Checked()
    for one in sendings.prefetch_related("contributions__theme", "contributions__proposals").iterator(CHUNK):
        commitment = getattr(one, "commitment", None)
        if commitment is None:
            checked.unbound += 1
        elif not commitment.committed.binds(canonical_parts(one.answers(), one.contents)):
            raise CommitmentBroken(f"{one.reference}, version {one.version}: not what was sent.")
        elif all(salt for salt, _digest in commitment.committed.opened):
            checked.whole += 1
        else:
            checked.erased += 1
    return checked
