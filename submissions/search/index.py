"""Fills what a search looks in: the worker's sweep, seconds after a text was stored and outside its transaction."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import QuerySet

from submissions.models import Contribution, ContributionWords, Submission, SubmissionWords
from submissions.search.word_forms import Stems, languages_of, look_up, spellings, stems_of
from submissions.text.search_words import SearchWord, search_words
from wsis.single_worker import single_worker

logger = logging.getLogger(__name__)

LOCK_SPACE = 0x46494E44  # "FIND" in ASCII, beside themes/lock.py's
BATCH = 500
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
    cut = {text.pk: [list(search_words(part)) for part in text.content.parts()] for text in texts}
    stems = look_up(spellings(word for fields in cut.values() for words in fields for word in words))
    rows = [(pk, text_vector(fields, stems)) for pk, fields in cut.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE submissions_contributionwords AS row SET words = made.words::tsvector"
            " FROM unnest(%s::bigint[], %s::text[]) AS made (pk, words) WHERE row.contribution_id = made.pk",
            [[pk for pk, _vector in rows], [vector for _pk, vector in rows]],
        )
    return len(rows)


@transaction.atomic
def _index_submissions() -> int:
    senders = list(Submission.objects.filter(pk__in=_locked(SubmissionWords.objects.all())))
    rows = [
        (one.pk, _sender_vector(one.organisation, one.reference), _sender_vector(one.contact_name, one.email))
        for one in senders
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE submissions_submissionwords AS row"
            " SET words = made.words::tsvector, contact_words = made.contact_words::tsvector"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS made (pk, words, contact_words)"
            " WHERE row.submission_id = made.pk",
            [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []],
        )
    return len(rows)


def text_vector(fields: Sequence[Sequence[SearchWord]], stems: Stems) -> str:
    """A tsvector as PostgreSQL reads it: each word with its positions, and the stems of all of them."""
    languages = languages_of([word for words in fields for word in words], stems)
    forms = {stem for words in fields for word in words for stem in stems_of(word, stems, languages)}
    return " ".join([*_positions(fields), *(f"'{form}'" for form in sorted(forms))])


def _sender_vector(*fields: str) -> str:
    """The same of a name or an address, which have no word forms."""
    return " ".join(_positions([list(search_words(field)) for field in fields]))


def _positions(fields: Iterable[Sequence[SearchWord]]) -> Iterable[str]:
    positions: dict[str, list[int]] = defaultdict(list)
    begins_at = 1
    for words in fields:
        for position, word in enumerate(words, begins_at):
            positions[word.folded].append(min(position, MAX_POSITION))
        begins_at += len(words) + GAP
    for folded, places in positions.items():
        yield f"'{folded}':{','.join(map(str, places[:MAX_POSITIONS]))}"
