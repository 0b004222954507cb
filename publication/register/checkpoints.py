"""What an archive holds of the register: the last checkpoint of each log, and the keys they are checked with."""

from publication.models import RegisterCheckpoint, RegisterLog
from publication.register.notes import verifiers
from themes.models import Consultation

KEYS = "register/keys.txt"


def last_checkpoints(consultation: Consultation) -> dict[str, RegisterCheckpoint]:
    """By the log's part, as far as something of it is signed."""
    logs = RegisterLog.objects.filter(consultation=consultation)
    return {str(log.part): last for log in logs if (last := log.checkpoints.last()) is not None}


def checkpoints_of(consultation: Consultation) -> dict[str, bytes]:
    """Files by their names; none where nothing is signed."""
    last = last_checkpoints(consultation)
    files = {f"register/{part}.checkpoint": checkpoint.note.encode() for part, checkpoint in sorted(last.items())}
    return {**files, KEYS: "".join(f"{key}\n" for key in verifiers()).encode()} if files else {}
