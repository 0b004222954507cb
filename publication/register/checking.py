"""Recomputes the register against the sendings and against what was signed, and says the first difference."""

from collections.abc import Iterator

from publication.models import RegisterCheckpoint, RegisterEntry, RegisterLog
from publication.register.log import leaf_of, origin_of, unlogged_sendings, unlogged_withdrawals
from publication.register.notes import verifiers
from publication.register.tiles import WIDTH, Tiles
from publication.register.tree import leaf_hash, root_of
from publication.verifier import verify
from themes.models import Consultation


class RegisterBroken(Exception):
    """The register is not what was signed, or does not hold what was sent."""


def check_register(consultation: Consultation, *, kept: str = "") -> Iterator[str]:
    """Yields a sentence for each thing that was found right.

    Args:
        kept: a checkpoint from elsewhere, which nobody of the install could change; also a mail with one in it.

    Raises:
        RegisterBroken: with the first difference.
    """
    logs = list(RegisterLog.objects.filter(consultation=consultation).order_by("part"))
    if kept and not any(_is_of(kept, log, consultation) for log in logs):
        raise RegisterBroken("The checkpoint from elsewhere is of another register.")
    for log in logs:
        yield from _check_log(log, consultation, kept)
    yield _complete(consultation)


def _check_log(log: RegisterLog, consultation: Consultation, kept: str) -> Iterator[str]:
    hashes = []
    rows = log.entries.order_by("index").values_list("index", "kind", "commitment", "submission__commitment__value")
    for place, (index, kind, value, committed) in enumerate(rows.iterator(10_000)):
        if index != place:
            raise RegisterBroken(f"Entry {place} of {log.part} is missing.")
        if committed is None or bytes(value) != bytes(committed):
            raise RegisterBroken(f"Entry {index} of {log.part} is not the commitment of its sending.")
        hashes.append(leaf_hash(leaf_of(consultation.slug, kind, bytes(value))))
    if len(hashes) != log.size:
        raise RegisterBroken(f"{log.part} has {len(hashes)} entries and should have {log.size}.")
    _check_tiles(log, hashes)
    checkpoints: list[tuple[str, RegisterCheckpoint | None]] = [(one.note, one) for one in log.checkpoints.all()]
    signed = 0
    for note, row in [*checkpoints, *([(kept, None)] if kept and _is_of(kept, log, consultation) else [])]:
        size, root = _signed(note, log, consultation, row.public_key if row is not None else "")
        if size > len(hashes) or root_of(hashes[:size]) != root:
            whose = "The checkpoint from elsewhere" if row is None else "A checkpoint"
            raise RegisterBroken(f"{whose} of {size} entries in {log.part} is not of these entries: they were changed.")
        signed += 1
    yield f"{log.part}: {len(hashes)} entries, as {signed} checkpoints say."


def _check_tiles(log: RegisterLog, hashes: list[bytes]) -> None:
    level, above = 0, hashes
    while above:
        tiles = Tiles(log)
        for index in range(-(-len(above) // WIDTH)):
            wanted = above[index * WIDTH : (index + 1) * WIDTH]
            if tiles.hashes(level, index) != wanted:
                raise RegisterBroken(f"Tile {level}/{index} of {log.part} does not hold the hashes of its entries.")
        whole = len(above) // WIDTH
        above = [root_of(above[index * WIDTH : (index + 1) * WIDTH]) for index in range(whole)]
        level += 1


def _is_of(note: str, log: RegisterLog, consultation: Consultation) -> bool:
    """By the path alone: the site may have had another host when it was signed."""
    try:
        origins = {_path(text.partition("\n")[0]) for text, _line in verify.signed_notes(note)}
    except verify.Wrong as wrong:
        raise RegisterBroken(str(wrong)) from wrong
    return _path(origin_of(log, consultation.slug)) in origins


def _path(origin: str) -> str:
    return origin.partition("/")[2]


def _signed(note: str, log: RegisterLog, consultation: Consultation, stored: str) -> tuple[int, bytes]:
    """`stored` is the key that the row names, which whoever owns the database may have written: it is only told."""
    try:
        # Under whatever name the key was known then.
        names = {line.split(" ")[1] for _text, line in verify.signed_notes(note)}
        keys = [(name, verify.read_key(one)[1]) for name in names for one in verifiers()]
        origin, size, root = verify.read_checkpoint(note, keys)
    except verify.Wrong as wrong:
        hint = f" It names this one: {stored} (a lost one: docs/operations.md)." if stored else ""
        raise RegisterBroken(f"{wrong}{hint}") from wrong
    if not _is_of(note, log, consultation):
        raise RegisterBroken(f"A checkpoint of {log.part} is of another register: {origin}.")
    return size, root


def _complete(consultation: Consultation) -> str:
    """Every sending that is bound has an entry, and every withdrawal of one."""
    missing = unlogged_sendings(consultation).count() + unlogged_withdrawals(consultation).count()
    if missing:
        raise RegisterBroken(f"{missing} sendings or withdrawals have no entry. The worker adds them within seconds.")
    entries = RegisterEntry.objects.filter(log__consultation=consultation)
    sent = entries.filter(kind=RegisterEntry.Kind.SENT).count()
    withdrawn = entries.filter(kind=RegisterEntry.Kind.WITHDRAWN).count()
    return f"{sent + withdrawn} entries: {sent} sendings and {withdrawn} withdrawals, each of them once."
