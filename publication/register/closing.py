"""What follows a closing: its last checkpoint goes to every sender, and into the record."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from publication.models import Mailing, RegisterCheckpoint, RegisterLog
from publication.register.checking import RegisterBroken, check_register
from publication.register.log import final_checkpoint
from submissions.export.verification import RecordDiffers
from submissions.mail.messages import queue_to_sender
from submissions.models import ERASED_EMAIL, Mail, Record, Submission
from submissions.queries.confirmed import has_confirmed_email
from submissions.signals import (
    AddedFile,
    MailLinks,
    address_confirmed,
    check_of_the_record,
    files_of_the_record,
    links_of_mail,
)
from themes.intake import database_now, is_present_closing
from themes.models import Consultation

ABOUT = "closing"
CHECKPOINT, KEY = "register/in-time.checkpoint", "register/key.txt"


# --- Into the record -------------------------------------------------------------------------------------------------


@receiver(files_of_the_record, dispatch_uid="publication.files_of_the_record")
def files(sender: Any, consultation: Consultation, closed_at: datetime, **kwargs: Any) -> list[AddedFile]:
    """The closing's last checkpoint, which is signed now unless it was; and the key it is checked with."""
    checkpoint = final_checkpoint(consultation, closed_at)
    if checkpoint is None:
        return []
    key = checkpoint.public_key
    return [
        AddedFile(
            CHECKPOINT,
            checkpoint.note.encode(),
            "The register at this closing, signed: how many sendings and withdrawals it has, and the root of their "
            "tree. The same is mailed to every sender whose address is confirmed.",
        ),
        *([AddedFile(KEY, f"{key}\n".encode(), "The public key that it is signed with.")] if key else []),
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
        about=f"{ABOUT}:{checkpoint.pk}",
    )


def senders(checkpoint: RegisterCheckpoint) -> QuerySet[Submission]:
    """Whoever counted at the closing and has shown that the address is theirs; to no other does anything more come."""
    closed_at = checkpoint.closed_at
    if closed_at is None:
        raise ValueError("Only the last checkpoint of a closing is mailed.")
    standing = Submission.objects.standing_at(closed_at).filter(consultation=checkpoint.log.consultation_id)
    reachable = standing.filter(has_confirmed_email(), commitment__isnull=False)
    reachable = reachable.exclude(email__in=["", ERASED_EMAIL])
    return reachable.not_withdrawn().select_related("consultation")


@receiver(address_confirmed, dispatch_uid="publication.address_confirmed")
def mail_late(sender: Any, submission: Submission, **kwargs: Any) -> None:
    """To whoever confirms after the mails have passed; in the transaction that confirms."""
    final = RegisterCheckpoint.objects.filter(log__consultation=submission.consultation_id)
    standing = final.filter(closed_at=F("log__consultation__closed_at")).select_related("log").first()
    if standing is None:
        return
    # Whoever is at it waits for this, and this for whoever is: of the two one sees what the other did.
    Mailing.objects.get_or_create(checkpoint=standing)
    mailing = Mailing.objects.select_for_update().get(checkpoint=standing)
    mailed = Mail.objects.filter(about=f"{ABOUT}:{standing.pk}").values("submission")
    # By the reference: what was confirmed may be an earlier version than the one that counts.
    for one in senders(standing).filter(reference=submission.reference).exclude(pk__in=mailed):
        if mailing.finished_at is not None or one.pk <= mailing.last_id:
            queue_mail(standing, one, at=database_now())


@receiver(links_of_mail, dispatch_uid="publication.closing_of_mail")
def links(sender: Any, mail: Mail, **kwargs: Any) -> MailLinks | None:
    """None of one about a closing that was undone meanwhile: it would say that intake has closed."""
    kind, _colon, pk = mail.about.partition(":")
    if kind != ABOUT:
        return None
    checkpoint = RegisterCheckpoint.objects.select_related("log__consultation").get(pk=int(pk))
    return MailLinks() if stands(checkpoint) else None


def stands(checkpoint: RegisterCheckpoint) -> bool:
    """Whether the closing that it was signed at has not been undone."""
    closed_at = checkpoint.closed_at
    return closed_at is not None and is_present_closing(checkpoint.log.consultation, closed_at)
