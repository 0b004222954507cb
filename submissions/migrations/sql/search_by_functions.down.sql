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
