"""For published texts with a name and without a bar: what shows that these very words stand in the register.

A line a submission, in JSON: its entry with the way to the checkpoint's root, and of each part its digest; of what is
published also its words and its salt. Of a submission that holds a text which is not to be published under its name
there is no line: how many parts it has would tell that there is one. As long as those who have none are few, there is
no line at all: a missing one would tell of them.
"""

import json
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet

from publication.gate import MIN_ANONYMOUS_SENDERS
from publication.models import PublishedText, RegisterCheckpoint, RegisterEntry
from publication.register.checkpoints import last_checkpoints
from publication.register.log import leaf_of
from publication.register.tiles import Tiles
from publication.register.tree import inclusion_proof
from submissions.models import Consent, Contribution, Redaction, Submission
from submissions.queries.publication import own_consent
from submissions.text.canonical import canonical_parts
from themes.models import Consultation

CHUNK = 200  # submissions that are in memory at a time


def proofs_of(consultation: Consultation) -> Iterator[bytes]:
    """Nothing where nothing is signed, nor where it would tell who also wrote without a name."""
    if 0 < _without_line(consultation) < MIN_ANONYMOUS_SENDERS:
        return
    checkpoints = last_checkpoints(consultation)
    tiles = {part: Tiles(checkpoint.log) for part, checkpoint in checkpoints.items()}
    for entry in _entries(consultation).iterator(chunk_size=CHUNK):
        part = str(entry.log.part)
        checkpoint = checkpoints.get(part)
        if checkpoint is not None and entry.index < checkpoint.size:
            yield _line(entry, checkpoint, tiles[part])


def _without_line(consultation: Consultation) -> int:
    """Of those who are public by name, how many have no line."""
    named = PublishedText.objects.filter(consultation=consultation, is_shown=True, is_named=True)
    senders = named.values("reference").distinct().count()
    return senders - _entries(consultation).values("submission").distinct().count()


def _entries(consultation: Consultation) -> QuerySet[RegisterEntry]:
    """Of the submissions of which every text may be published by name, and some is."""
    otherwise = Contribution.objects.filter(submission=OuterRef("submission")).annotate(consent_now=own_consent())
    shown = PublishedText.objects.filter(contribution__submission=OuterRef("submission"), is_shown=True, is_named=True)
    sent = RegisterEntry.objects.filter(submission__consultation=consultation, kind=RegisterEntry.Kind.SENT)
    named = sent.filter(Exists(shown), ~Exists(otherwise.exclude(consent_now=Consent.NAMED)))
    return named.select_related("log", "submission__commitment", "submission__consultation").order_by("commitment")


def _line(entry: RegisterEntry, checkpoint: RegisterCheckpoint, tiles: Tiles) -> bytes:
    submission = entry.submission
    way = inclusion_proof(entry.index, checkpoint.size, tiles.node)
    line = {
        "checkpoint": f"{entry.log.part}.checkpoint",
        "commitment": bytes(entry.commitment).hex(),
        "consultation": submission.consultation.slug,
        "index": entry.index,
        "leaf": leaf_of(submission.consultation.slug, entry.kind, bytes(entry.commitment)).decode(),
        "parts": list(_parts(submission)),
        "proof": [step.hex() for step in way],
    }
    return json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _parts(submission: Submission) -> Iterator[dict[str, str | None]]:
    """The respondent's first, of which no more is shown than its digest."""
    contents = submission.contents
    published = {
        row.theme_id: row.public_id
        for row in PublishedText.objects.filter(contribution__submission=submission, is_shown=True, is_named=True)
    }
    barred = set(Redaction.objects.filter(reference=submission.reference).values_list("theme", flat=True))
    themes = [None, *sorted(contents, key=lambda theme: theme.number)]
    words = canonical_parts(submission.answers(), contents)
    opened = submission.commitment.committed.opened
    for theme, part, (salt, digest) in zip(themes, words, opened, strict=True):
        is_shown = theme is not None and theme.pk in published and theme.pk not in barred and salt is not None
        if theme is None or salt is None or not is_shown:
            yield {"digest": digest.hex()}
        else:
            yield {"digest": digest.hex(), "id": published[theme.pk], "part": part.decode(), "salt": salt.hex()}
