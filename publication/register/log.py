"""Filling the register: the worker's sweep. One at a time, in one order, signed every hour and at each closing."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from publication.models import RegisterCheckpoint, RegisterEntry, RegisterLog
from publication.register import tiles
from publication.register.notes import checkpoint_text, host, signer
from publication.register.tiles import Tiles
from publication.register.tree import leaf_hash, tree_root
from submissions.models import Commitment, Withdrawal
from themes.intake import database_now, is_after_closing, is_present_closing
from themes.lock import lock_exclusively
from themes.models import Consultation
from wsis.single_worker import single_worker

logger = logging.getLogger(__name__)

LOCK_SPACE = 0x52454749  # "REGI" in ASCII, beside themes/lock.py's
BATCH = 1_000
CHECKPOINT_EVERY = timedelta(hours=1)
WAIT_FOR_SWEEP = timedelta(seconds=30)
LEAF_FORM = 1
Part, Kind = RegisterLog.Part, RegisterEntry.Kind


class RegisterBusy(Exception):
    """The worker is at it."""


@dataclass(frozen=True)
class Event:
    """What is to become an entry."""

    at: datetime
    kind: str
    commitment: bytes
    submission: int


def origin_of(log: RegisterLog, slug: str) -> str:
    """The log's own name, by which no checkpoint of another one can stand for it."""
    late = "/late" if log.part == Part.LATE else ""
    return f"{host()}/{slug}/register{late}"


def leaf_of(slug: str, kind: str, commitment: bytes) -> bytes:
    """What an entry says: canonical JSON, with no time and no reference in it."""
    leaf = {"commitment": commitment.hex(), "kind": kind, "round": slug, "v": LEAF_FORM}
    return json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode()


def append_and_sign() -> int:
    """The sweep: every consultation's new entries, what is due to be signed, and the last word on what is closed.

    Returns:
        How many entries were added.
    """
    with single_worker(LOCK_SPACE) as is_mine:
        return sum(map(_sweep_safely, Consultation.objects.all())) if is_mine else 0


def _sweep_safely(consultation: Consultation) -> int:
    try:
        added = _finalise(consultation) if consultation.closed_at else 0
        added += _append(consultation)
        _sign_due(consultation)
    except Exception:
        # The others are written all the same, and this one by the next sweep.
        logger.exception("the register of %s", consultation)
        return 0
    return added


def _append(consultation: Consultation) -> int:
    """Adds what was sent and withdrawn since, in steps of a batch."""
    added = 0
    while (n := _append_batch(consultation)) > 0:
        added += n
    return added


@transaction.atomic
def _append_batch(consultation: Consultation) -> int:
    sent = unlogged_sendings(consultation).values_list("submission__received_at", "value", "pk")[:BATCH]
    withdrawn = unlogged_withdrawals(consultation).values_list(
        "withdrawn_at", "submission__commitment__value", "submission"
    )[:BATCH]
    new = [
        Event(at, kind, bytes(value), pk)
        for kind, rows in ((Kind.SENT, sent), (Kind.WITHDRAWN, withdrawn))
        for at, value, pk in rows
    ]
    for part in Part:
        of_part = [event for event in new if (part == Part.LATE) == is_after_closing(consultation, event.at)]
        if of_part:
            _add(consultation, part, of_part)
    return len(new)


def unlogged_sendings(consultation: Consultation) -> QuerySet[Commitment]:
    entry = RegisterEntry.objects.filter(submission=OuterRef("pk"), kind=Kind.SENT)
    return Commitment.objects.filter(~Exists(entry), submission__consultation=consultation).order_by("pk")


def unlogged_withdrawals(consultation: Consultation) -> QuerySet[Withdrawal]:
    """Of what was sent before there were commitments none can be logged."""
    entry = RegisterEntry.objects.filter(submission=OuterRef("submission"), kind=Kind.WITHDRAWN)
    bound = Withdrawal.objects.filter(submission__consultation=consultation, submission__commitment__isnull=False)
    return bound.filter(~Exists(entry)).order_by("pk")


def _add(consultation: Consultation, part: str, events: Sequence[Event]) -> None:
    """Within one batch the order is that of the commitments, which says nothing of what came first."""
    RegisterLog.objects.get_or_create(consultation=consultation, part=part)
    log = RegisterLog.objects.select_for_update().get(consultation=consultation, part=part)
    ordered = sorted(events, key=lambda event: (event.kind, event.commitment))
    RegisterEntry.objects.bulk_create(
        RegisterEntry(
            log=log, index=index, kind=event.kind, commitment=event.commitment, submission_id=event.submission
        )
        for index, event in enumerate(ordered, start=log.size)
    )
    leaves = [leaf_of(consultation.slug, event.kind, event.commitment) for event in ordered]
    tiles.append(log, [leaf_hash(leaf) for leaf in leaves])
    RegisterLog.objects.filter(pk=log.pk).update(size=log.size + len(leaves))


# --- Signing ---------------------------------------------------------------------------------------------------------


def _sign_due(consultation: Consultation) -> None:
    """Signs each log that has grown, once an hour."""
    for log in RegisterLog.objects.filter(consultation=consultation):
        last = log.checkpoints.last()
        is_fresh = last is not None and database_now() - last.signed_at < CHECKPOINT_EVERY
        if log.size and not is_fresh and (last is None or last.size < log.size):
            sign(log, consultation)


def final_checkpoint(consultation: Consultation, closed_at: datetime) -> RegisterCheckpoint | None:
    """The last one of a closing, signed now where the sweep has not come to it. None where there is no key.

    Raises:
        RegisterBusy: the sweep has been at work for long.
    """
    signed = RegisterCheckpoint.objects.filter(
        log__consultation=consultation, log__part=Part.IN_TIME, closed_at=closed_at
    )
    if not signed.exists() and is_present_closing(consultation, closed_at) and signer() is not None:
        with single_worker(LOCK_SPACE, wait=WAIT_FOR_SWEEP) as is_mine:
            if not is_mine:
                raise RegisterBusy(f"The register of {consultation} is still being written.")
            _finalise(consultation)
    return signed.first()


def _finalise(consultation: Consultation) -> int:
    """Of a closed consultation: what came in time is complete, and is signed once for each closing.

    The lock is held while the last entries are added: no sending is on its way any more, and none can begin.
    """
    log, _is_new = RegisterLog.objects.get_or_create(consultation=consultation, part=Part.IN_TIME)
    if signer() is None or log.checkpoints.filter(closed_at=consultation.closed_at).exists():
        return 0
    with transaction.atomic():
        lock_exclusively(consultation.pk)
        closed = Consultation.objects.get(pk=consultation.pk)
        if closed.closed_at is None:
            # It was re-opened a moment ago.
            return 0
        added = _append(closed)
        sign(RegisterLog.objects.get(pk=log.pk), closed, closed_at=closed.closed_at)
    return added


def sign(
    log: RegisterLog, consultation: Consultation, *, closed_at: datetime | None = None
) -> RegisterCheckpoint | None:
    """Writes a checkpoint of all that the log holds. None where the install has no key to sign with."""
    key = signer()
    if key is None:
        return None
    root = tree_root(log.size, Tiles(log).node)
    note = key.signed(checkpoint_text(origin_of(log, consultation.slug), log.size, root))
    return RegisterCheckpoint.objects.create(
        log=log, size=log.size, root=root, note=note, public_key=key.verifier, closed_at=closed_at
    )
