"""What follows a closing: its last checkpoint goes to every sender, and into the record."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from publication.models import RegisterCheckpoint, RegisterLog
from publication.register.checking import RegisterBroken, check_register
from publication.register.log import final_checkpoint
from submissions.export.verification import RecordDiffers
from submissions.mail.messages import queue_to_sender
from submissions.models import Record, Submission
from submissions.queries.confirmed import has_confirmed_email
from submissions.signals import AddedFile, check_of_the_record, files_of_the_record
from themes.models import Consultation

CHECKPOINT, KEY = "register/in-time.checkpoint", "register/key.txt"


# --- Into the record -------------------------------------------------------------------------------------------------


@receiver(files_of_the_record, dispatch_uid="publication.files_of_the_record")
def files(sender: Any, consultation: Consultation, closed_at: datetime, **kwargs: Any) -> list[AddedFile]:
    """The closing's last checkpoint, which is signed now unless it was; and the key it is checked with."""
    checkpoint = final_checkpoint(consultation, closed_at)
    if checkpoint is None:
        return []
    return [
        AddedFile(
            CHECKPOINT,
            checkpoint.note.encode(),
            "The register at this closing, signed: how many sendings and withdrawals it has, and the root of their "
            "tree. Every sender was mailed the same.",
        ),
        AddedFile(KEY, f"{checkpoint.public_key}\n".encode(), "The public key that it is signed with."),
    ]


@receiver(check_of_the_record, dispatch_uid="publication.check_of_the_record")
def check(sender: Any, record: Record, files: Mapping[str, bytes], **kwargs: Any) -> Iterator[str]:
    """The register has one entry for each sending and each withdrawal, and is what was signed at the closing."""
    kept = files.get(CHECKPOINT, b"").decode()
    if not RegisterLog.objects.filter(consultation=record.consultation).exists():
        return
    try:
        for sentence in check_register(record.consultation, kept=kept):
            yield f"Register: {sentence}"
    except RegisterBroken as broken:
        raise RecordDiffers(f"Register: {broken}") from broken


# --- To every sender -------------------------------------------------------------------------------------------------


def queue_mail(checkpoint: RegisterCheckpoint, submission: Submission, *, at: datetime) -> None:
    """Call it inside the transaction that notes how far the mails went (mailings.py)."""
    queue_to_sender(
        submission,
        template="publication/mail/final_checkpoint.txt",
        subject=_("Keep this: the checkpoint of %(title)s (%(reference)s)"),
        at=at,
        checkpoint=checkpoint.note.strip("\n"),
        size=checkpoint.size,
        closed_at=checkpoint.closed_at,
    )


def senders(checkpoint: RegisterCheckpoint) -> QuerySet[Submission]:
    """Whoever counted at the closing and has shown that the address is theirs; to no other does anything more come."""
    closed_at = checkpoint.closed_at
    if closed_at is None:
        raise ValueError("Only the last checkpoint of a closing is mailed.")
    standing = Submission.objects.standing_at(closed_at).filter(consultation=checkpoint.log.consultation_id)
    reachable = standing.filter(has_confirmed_email(), commitment__isnull=False).exclude(email="")
    return reachable.not_withdrawn().select_related("consultation")
