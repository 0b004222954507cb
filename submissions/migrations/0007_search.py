"""Full-text search in any script: how a text becomes words, and the indexes that find them.

Words are compared without case, accents, hyphens, at signs and Arabic vowel signs; where a script sets no blanks between words, each sign
is a word of its own, so that a phrase of signs finds any word in the middle of a text.
"""

from django.db import migrations

# Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese.
SIGNS = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
# Combining marks of Latin, Greek and Cyrillic; vowel signs and the lengthening sign of Arabic.
MARKS = r"[\u0300-\u036f\u0640\u064b-\u065f\u0670]"

# Bodies that PostgreSQL binds when they are made: an index is built, and a dump restored, with an empty search_path.
FORWARD = f"""
CREATE FUNCTION submissions_search_words(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
    translate(
        normalize(regexp_replace(normalize(lower(said), NFKD), '{MARKS}', '', 'g'), NFKC), 'أإآٱىة-@', 'اااايه  '
    ),
    '({SIGNS})', ' \\1 ', 'g'
);
CREATE FUNCTION submissions_searchable(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple', submissions_search_words(said));
-- What somebody types: its words one after the other, the last one perhaps only begun. Without a word: nothing is found.
CREATE FUNCTION submissions_search_query(typed text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT CASE WHEN asked = '' THEN NULL ELSE (asked || ':*')::tsquery END
    FROM (SELECT phraseto_tsquery('pg_catalog.simple', submissions_search_words(typed))::text AS asked) AS made
);
CREATE INDEX contribution_search ON submissions_contribution USING gin (submissions_searchable(text));
-- Apart from each other: not everybody may search whom to write to.
CREATE INDEX submission_search ON submissions_submission
    USING gin (submissions_searchable(organisation));
CREATE INDEX submission_contact_search ON submissions_submission
    USING gin (submissions_searchable(contact_name || ' ' || email));
CREATE INDEX proposal_search ON submissions_proposal
    USING gin (submissions_searchable(paragraph || ' ' || wording || ' ' || reason));
"""

BACKWARD = """
DROP INDEX proposal_search;
DROP INDEX submission_contact_search;
DROP INDEX submission_search;
DROP INDEX contribution_search;
DROP FUNCTION submissions_search_query(text);
DROP FUNCTION submissions_searchable(text);
DROP FUNCTION submissions_search_words(text);
"""


class Migration(migrations.Migration):

    dependencies = [("submissions", "0006_reviews")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
