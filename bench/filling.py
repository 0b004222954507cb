"""A consultation filled in SQL, in bulk: what the benches measure on and the fault tests need. Not for a real one."""

from typing import Any

from django.db import connection, transaction

from submissions.search.index import text_vector
from submissions.search.word_forms import look_up, spellings
from submissions.text.search_words import search_words
from themes.models import Consultation

# Everyday letters, and the marks that make CSV quote a field: a comma, a quotation mark, a line's end.
PIECE = 'The review should “close” the gap, and say "how"; by 2035.\n'
TABLES = ("submissions_submission", "submissions_contribution")
# What search/index.py makes of such a text and of its sender, so that millions need not wait for it.
TEXT_WORDS = """
    INSERT INTO submissions_contributionwords (contribution_id, submission_id, words)
        SELECT id, submission_id, array_to_tsvector(
            ARRAY[submission_id::text, theme_id::text] || CASE WHEN id %% 300 = 0 THEN ARRAY['seldom'] ELSE '{}' END
        ) || %s::tsvector
        FROM submissions_contribution WHERE submission_id > %s
"""
SENDER_WORDS = """
    INSERT INTO submissions_submissionwords (submission_id, words, contact_words)
        SELECT id, format('organisation:1 %%s:2 fill:12 %%s:13', id, lpad(id::text, 9, '0'))::tsvector,
            format('a:1 person:2 a%%s:12 example:13 org:14', id)::tsvector
        FROM submissions_submission WHERE id > %s
"""


def fill(submissions: int, *, themes: int = 15, characters: int = 600, final: bool = True) -> int:
    """Adds submissions of the first consultation, each with a text on `themes` areas of `characters` each.

    Args:
        final: whether PostgreSQL checks each as it does a sending; without, millions take minutes and not hours.

    Returns:
        How many contributions there are then.
    """
    consultation = Consultation.objects.order_by("pk").first()
    assert consultation is not None
    areas = list(consultation.themes.order_by("number").values_list("pk", flat=True)[:themes])
    if not final:
        _switch_triggers("DISABLE")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM submissions_submission")
        last = cursor.fetchone()[0]
        cursor.execute(
            """
            INSERT INTO submissions_submission (submitting_as, organisation, stakeholder_group, country, language,
                contact_name, email, consent, has_accepted_privacy, consultation_id, reference, version, sending_key,
                received_at, content_sha256)
            SELECT 'organisation', 'Organisation ' || n,
                (ARRAY['civil-society', 'academia', 'government', 'private-sector'])[1 + n %% 4],
                (ARRAY['KE', 'CN', 'BR', 'FR', 'EG', 'FJ'])[1 + n %% 6], 'en', 'A. Person', 'a' || n || '@example.org',
                'named', true, %s, 'FILL-' || lpad(n::text, 9, '0'), 1, gen_random_uuid(), clock_timestamp(),
                repeat('0', 64)
            FROM generate_series(%s + 1, %s + %s) AS n
            """,
            [consultation.pk, last, last, submissions],
        )
        cursor.execute(
            """
            INSERT INTO submissions_contribution (submission_id, theme_id, text, words, own_consent)
            SELECT made.id, area, left(made.id || ' ' || area || ' ' || repeat(%s, %s), %s), %s, ''
            FROM submissions_submission AS made, unnest(%s::bigint[]) AS area
            WHERE made.id > %s
            -- As they come: one submission after the other, and not one area after the other.
            ORDER BY made.id, area
            """,
            [PIECE, characters // len(PIECE) + 1, characters, characters // 6, areas, last],
        )
        cursor.execute("SELECT count(*) FROM submissions_contribution")
        count: int = cursor.fetchone()[0]
    if not final:
        _fill_words(last, (PIECE * (characters // len(PIECE) + 1))[:characters])
        _switch_triggers("ENABLE")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(TABLES)}, submissions_contributionwords, submissions_submissionwords")
    return count


def _fill_words(after: int, text: str) -> None:
    words = list(search_words(text))
    vector = text_vector([words], look_up(spellings(words)))
    with connection.cursor() as cursor:
        cursor.execute(TEXT_WORDS, [vector, after])
        cursor.execute(SENDER_WORDS, [after])


REVIEWED = """
INSERT INTO submissions_tag (consultation_id, name, colour, description)
    SELECT %s, 'Tag ' || n, 'blue', '' FROM generate_series(1, 20) AS n;
INSERT INTO submissions_review (consultation_id, reference, state, reason, read_version, version, changed_at)
    SELECT consultation_id, reference, CASE id %% 3 WHEN 0 THEN 'in-review' ELSE 'reviewed' END, '', 1, 1, now()
    FROM submissions_submission WHERE id %% 2 = 0;
UPDATE submissions_review SET state = 'reviewed', version = 2;
INSERT INTO submissions_review_tags (review_id, tag_id)
    SELECT review.id, tag.id FROM submissions_review AS review
    JOIN submissions_tag AS tag ON tag.id %% 20 IN (review.id %% 20, (review.id + 7) %% 20);
INSERT INTO submissions_publicationdecision (reference, theme_id, decision, reason, read_version, decided_at)
    SELECT sent.reference, text.theme_id, CASE sent.id %% 11 WHEN 0 THEN 'withheld' ELSE 'cleared' END, 'Why.', 1, now()
    FROM submissions_contribution AS text JOIN submissions_submission AS sent ON sent.id = text.submission_id
    WHERE sent.id %% 5 = 0;
INSERT INTO submissions_highlight (reference, theme_id, tag_id, passage, made_at)
    SELECT sent.reference, text.theme_id, (SELECT min(id) FROM submissions_tag), left(text.text, 40), now()
    FROM submissions_contribution AS text JOIN submissions_submission AS sent ON sent.id = text.submission_id
    WHERE text.id %% 50 = 0;
ANALYZE;
"""


FOLLOWED = (
    *("submissions_tag", "submissions_review", "submissions_review_tags", "submissions_publicationdecision"),
    "submissions_highlight",
)
# Where the table of the history is not called after the other.
EVENTS = {"submissions_review_tags": "submissions_reviewtagevent"}


def review(*, is_chained: bool = False) -> int:
    """As after weeks of work: half of it reviewed and tagged, a fifth decided on, passages tagged, all in the trail.

    Args:
        is_chained: whether the triggers write the trail, link after link; without, its rows are written in bulk, and
            hundreds of thousands take a minute.

    Returns:
        How many changes the trail has then.
    """
    consultation = Consultation.objects.order_by("pk").first()
    assert consultation is not None
    if not is_chained:
        _switch_triggers("DISABLE", FOLLOWED)
    with connection.cursor() as cursor:
        for statement in REVIEWED.split(";\n"):
            if statement.strip():
                cursor.execute(statement, [consultation.pk] if "%s" in statement else [])
        if not is_chained:
            for table in FOLLOWED:
                _write_history(cursor, table)
    if not is_chained:
        _switch_triggers("ENABLE", FOLLOWED)
    with connection.cursor() as cursor:
        # As autovacuum does beside real work.
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT (SELECT count(*) FROM submissions_reviewevent) + (SELECT count(*) FROM submissions_reviewtagevent)"
            " + (SELECT count(*) FROM submissions_publicationdecisionevent)"
            " + (SELECT count(*) FROM submissions_highlightevent)"
        )
        return int(cursor.fetchone()[0])


def _write_history(cursor: Any, table: str) -> None:
    """A row of the history for each of the table, as an insert leaves one."""
    event = EVENTS.get(table, f"{table}event")
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name IN"
        " (SELECT column_name FROM information_schema.columns WHERE table_name = %s)",
        [event, table],
    )
    columns = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
    cursor.execute(
        "SELECT count(*) FROM information_schema.columns WHERE table_name = %s AND column_name = 'pgh_obj_id'", [event]
    )
    key, value = (", pgh_obj_id", ", id") if cursor.fetchone()[0] else ("", "")
    cursor.execute(
        f"INSERT INTO {event} (pgh_created_at, pgh_label{key}, {columns})"
        f" SELECT now(), 'insert'{value}, {columns} FROM {table}"
    )


def _switch_triggers(which: str, tables: tuple[str, ...] = TABLES) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {which} TRIGGER USER")
