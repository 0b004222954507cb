"""What a search of the published texts looks in: the words that the public reads, and none behind a bar."""

from django.db import transaction

from publication.models import PublishedText
from submissions.search.index import text_vector
from submissions.search.word_forms import look_up, spellings
from submissions.text.search_words import search_words

BATCH = 200


def index_new() -> int:
    """Indexes what is shown and has no words yet. Returns how many texts."""
    done = 0
    while n := _index_batch():
        done += n
    return done


@transaction.atomic
def _index_batch() -> int:
    waiting = PublishedText.objects.filter(is_shown=True, search_words=None).order_by("pk").select_for_update()
    rows = list(waiting.prefetch_related("proposals")[:BATCH])
    cut = {row.pk: [list(search_words(part)) for part in parts_of(row)] for row in rows}
    stems = look_up(spellings(word for fields in cut.values() for words in fields for word in words))
    for row in rows:
        row.search_words = text_vector(cut[row.pk], stems)
    PublishedText.objects.bulk_update(rows, ["search_words"])
    return len(rows)


def parts_of(row: PublishedText) -> list[str]:
    """Every field that a search finds something in: of a text with a name the name, too."""
    proposals = [part for one in row.proposals.all() for part in (one.paragraph, one.wording, one.reason)]
    return [part for part in (row.text, *proposals, row.name) if part]
