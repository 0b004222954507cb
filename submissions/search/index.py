"""Fills what a search looks in: the worker's sweep, seconds after a text was stored and outside its transaction."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from submissions.models import Contribution, ContributionWords, Submission, SubmissionWords
from submissions.search.word_forms import Stems, languages_of, look_up, spellings, stems_of
from submissions.text.search_words import SearchWord, search_words
from wsis.single_worker import single_worker

logger = logging.getLogger(__name__)

LOCK_SPACE = 0x46494E44  # "FIND" in ASCII, beside themes/lock.py's
BATCH = 500
BATCH_CHARACTERS = 500_000  # characters of texts that are cut into words at a time
MAX_VECTOR_BYTES = 900_000  # bytes, of the million that PostgreSQL takes
SWEEP_SECONDS = 30  # seconds: what is left over is the next sweep's
# PostgreSQL keeps no later position and no more of them for one word; between two fields no phrase goes on.
MAX_POSITION, MAX_POSITIONS, GAP = 16_383, 255, 10


def index_new() -> int:
    """Indexes what has no words yet, the newest last. Returns how many rows."""
    with single_worker(LOCK_SPACE) as is_mine:
        if not is_mine:
            return 0
        done, ends_at = 0, time.monotonic() + SWEEP_SECONDS
        while time.monotonic() < ends_at and (n := _index_contributions() + _index_submissions()):
            done += n
        return done


def waiting() -> int:
    """How many texts a search does not find yet."""
    return ContributionWords.objects.filter(words__isnull=True).count()


def _locked(rows: QuerySet[ContributionWords] | QuerySet[SubmissionWords]) -> list[int]:
    """The next rows without words. Locked before their texts are read: who erases one waits, and then empties it."""
    return list(rows.filter(words__isnull=True).order_by("pk").select_for_update().values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _index_contributions() -> int:
    pks = _locked(ContributionWords.objects.all())
    texts = Contribution.objects.filter(pk__in=pks).prefetch_related("proposals")
    parts, size = {}, 0
    for text in texts:
        parts[text.pk] = text.content.parts()
        size += sum(map(len, parts[text.pk]))
        if size > BATCH_CHARACTERS:
            _index_texts(parts)
            parts, size = {}, 0
    _index_texts(parts)
    return len(pks)


def _index_texts(parts: dict[int, list[str]]) -> None:
    cut = {pk: [list(search_words(part)) for part in texts] for pk, texts in parts.items()}
    stems = look_up(spellings(word for fields in cut.values() for words in fields for word in words))
    _store("contribution", [(pk, text_vector(fields, stems)) for pk, fields in cut.items()], ("words",))


@transaction.atomic
def _index_submissions() -> int:
    senders = Submission.objects.filter(pk__in=_locked(SubmissionWords.objects.all()))
    rows = [
        (one.pk, _sender_vector(one.organisation, one.reference), _sender_vector(one.contact_name, one.email))
        for one in senders
    ]
    _store("submission", rows, ("words", "contact_words"))
    return len(rows)


def _store(what: str, rows: Sequence[tuple[Any, ...]], columns: tuple[str, ...]) -> None:
    """All rows in one statement; where PostgreSQL refuses one, each by itself, and nothing for that one: it must not
    hold up all that come after it."""
    try:
        with transaction.atomic():
            _update(what, rows, columns)
    except DatabaseError:
        for pk, *vectors in rows:
            try:
                with transaction.atomic():
                    _update(what, [(pk, *vectors)], columns)
            except DatabaseError:
                logger.exception("the words of %s %s are not indexed", what, pk)
                _update(what, [(pk, *("" for _column in columns))], columns)


def _update(what: str, rows: Sequence[tuple[Any, ...]], columns: tuple[str, ...]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE submissions_{what}words AS row"  # noqa: S608 - our own names
            f" SET {', '.join(f'{column} = found.{column}::tsvector' for column in columns)}"
            f" FROM unnest(%s::bigint[]{', %s::text[]' * len(columns)}) AS found (pk, {', '.join(columns)})"
            f" WHERE row.{what}_id = found.pk",
            [list(column) for column in zip(*rows, strict=True)],
        )


def text_vector(fields: Sequence[Sequence[SearchWord]], stems: Stems) -> str:
    """A tsvector as PostgreSQL reads it: each word with its positions, and the stems of all of them."""
    languages = languages_of([word for words in fields for word in words], stems)
    forms = {stem for words in fields for word in words for stem in stems_of(word, stems, languages)}
    return _fitting([*_positions(fields), *(f"'{form}'" for form in sorted(forms))])


def _sender_vector(*fields: str) -> str:
    """The same of a name or an address, which have no word forms."""
    return _fitting(_positions([list(search_words(field)) for field in fields]))


def _fitting(lexemes: Iterable[str]) -> str:
    """As many as PostgreSQL takes into one tsvector. Only a text made for it has more."""
    kept, size = [], 0
    for lexeme in lexemes:
        size += len(lexeme.encode()) + 4
        if size > MAX_VECTOR_BYTES:
            break
        kept.append(lexeme)
    return " ".join(kept)


def _positions(fields: Iterable[Sequence[SearchWord]]) -> Iterable[str]:
    positions: dict[str, list[int]] = defaultdict(list)
    begins_at = 1
    for words in fields:
        for position, word in enumerate(words, begins_at):
            positions[word.folded].append(min(position, MAX_POSITION))
        begins_at += len(words) + GAP
    for folded, places in positions.items():
        yield f"'{folded}':{','.join(map(str, places[:MAX_POSITIONS]))}"
