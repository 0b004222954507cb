-- Full-text search in any script: how a text becomes words, and the indexes that find them. The same folding of letters
-- stands in submissions/queries/snippets.py.
--
-- Words are compared without case, accents, hyphens, at signs and Arabic vowel signs. Where a script sets no blanks
-- between words (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese), each sign is a word of its own, so that a phrase
-- of signs finds any word in the middle of a text.
--
-- The functions' bodies are bound when they are made: an index is built, and a dump restored, with an empty search_path.

CREATE FUNCTION submissions_search_words(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
    translate(
        normalize(regexp_replace(normalize(lower(said), NFKD), '[\u0300-\u036f\u0640\u064b-\u065f\u0670]', '', 'g'), NFKC), 'أإآٱىة-@', 'اااايه  '
    ),
    '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff])', ' \1 ', 'g'
);
-- Its cost as it is: without it PostgreSQL believes that reading a million texts through is cheap when few rows are wanted.
CREATE FUNCTION submissions_searchable(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000
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
