-- The text as the public reads it: every place where one of the passages stands is one bar, and places that touch or
-- overlap are one. Its twin in Python is submissions/review/redaction.py.

CREATE FUNCTION submissions_redacted(said text, passages text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    shown text := '';
    hidden_to integer := 0;
    span record;
BEGIN
    IF said IS NULL OR passages IS NULL OR cardinality(passages) = 0 THEN
        RETURN said;
    END IF;
    FOR span IN
        WITH RECURSIVE found AS (
            SELECT passage, strpos(said, passage) AS first
            FROM unnest(passages) AS passage WHERE passage <> ''
            UNION ALL
            SELECT passage, first + strpos(substr(said, first + 1), passage)
            FROM found WHERE first > 0 AND strpos(substr(said, first + 1), passage) > 0
        )
        SELECT first, first + char_length(passage) - 1 AS last FROM found WHERE first > 0 ORDER BY 1, 2
    LOOP
        IF hidden_to = 0 OR span.first > hidden_to + 1 THEN
            shown := shown || substr(said, hidden_to + 1, span.first - hidden_to - 1) || '█████';
        END IF;
        hidden_to := greatest(hidden_to, span.last);
    END LOOP;
    RETURN shown || substr(said, hidden_to + 1);
END
$$;
