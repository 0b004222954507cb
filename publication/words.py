"""What a search of the published texts looks in: the words that the public reads, and none behind a bar."""

import time

from django.db import connection, transaction

from publication.lock import lock_version
from publication.models import PublishedText
from submissions.search.index import text_vector
from submissions.search.word_forms import look_up, spellings
from submissions.text.search_words import search_words

BATCH = 200
SWEEP_SECONDS = 20  # seconds: what is left over is the next sweep's, after what was held back meanwhile


def index_new() -> int:
    """Indexes what is shown and has no words yet. Returns how many texts."""
    done, ends_at = 0, time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < ends_at and (n := _index_batch()):
        done += n
    return done


@transaction.atomic
def _index_batch() -> int:
    if not PublishedText.objects.filter(is_shown=True, search_words=None).exists():
        return 0
    lock_version()
    waiting = PublishedText.objects.filter(is_shown=True, search_words=None).order_by("pk").select_for_update()
    rows = list(waiting.prefetch_related("proposals")[:BATCH])
    cut = {row.pk: [list(search_words(part)) for part in parts_of(row)] for row in rows}
    stems = look_up(spellings(word for fields in cut.values() for words in fields for word in words))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE publication_publishedtext AS row SET search_words = new.words::tsvector"
            " FROM unnest(%s::bigint[], %s::text[]) AS new (id, words) WHERE row.id = new.id",
            [list(cut), [text_vector(fields, stems) for fields in cut.values()]],
        )
    return len(rows)


def parts_of(row: PublishedText) -> list[str]:
    """Every field that a search finds something in: of a text with a name the name, too."""
    proposals = [part for one in row.proposals.all() for part in (one.paragraph, one.wording, one.reason)]
    return [part for part in (row.text, *proposals, row.name) if part]
