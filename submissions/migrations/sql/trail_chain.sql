-- The trail is a chain: each row of the history has a link, whose hash is over the one before. Whoever changes, removes or
-- slips in a row afterwards, the owner included, breaks every link that follows, and the heads that were mailed away
-- (docs/adr/0020).
--
-- submissions_row_sha256     of a row of the history: of its columns that are not null, so that a column of a later
--                            release changes nothing of what was there.
-- submissions_add_link       at COMMIT, one transaction after the other: a link for each new row.
-- submissions_chain_events   hangs that on every table of the history. `manage.py prepare` runs it after every migration.
--
-- 1465076035 is LOCK_SPACE of review/trail.py; a test holds the two together.

CREATE FUNCTION submissions_row_sha256(event jsonb) RETURNS text LANGUAGE sql IMMUTABLE
RETURN encode(sha256(convert_to(jsonb_strip_nulls(event)::text, 'UTF8')), 'hex');

CREATE FUNCTION submissions_link_sha256(before text, event_table text, event_id bigint, row_sha256 text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN encode(sha256(convert_to(before || ' ' || event_table || ' ' || event_id || ' ' || row_sha256, 'UTF8')), 'hex');

CREATE FUNCTION submissions_add_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    before text;
    row_sha256 text := submissions_row_sha256(to_jsonb(NEW));
BEGIN
    PERFORM pg_advisory_xact_lock(1465076035);
    SELECT sha256 INTO before FROM submissions_traillink ORDER BY id DESC LIMIT 1;
    INSERT INTO submissions_traillink (event_table, event_id, row_sha256, sha256, linked_at) VALUES (
        TG_TABLE_NAME, NEW.pgh_id, row_sha256,
        submissions_link_sha256(coalesce(before, ''), TG_TABLE_NAME::text, NEW.pgh_id, row_sha256),
        clock_timestamp()
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION submissions_chain_events() RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    event text;
    missing record;
    before text;
BEGIN
    FOR event IN
        SELECT DISTINCT c.relname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'public'::regnamespace AND t.tgname LIKE 'pgtrigger\_append\_only%'
        AND NOT EXISTS (SELECT FROM pg_trigger o WHERE o.tgrelid = c.oid AND o.tgname = 'trail_link')
        ORDER BY 1
    LOOP
        -- What was there before the chain begins it.
        FOR missing IN EXECUTE format(
            'SELECT pgh_id, submissions_row_sha256(to_jsonb(e)) AS row_sha256 FROM %I e ORDER BY pgh_id', event
        ) LOOP
            SELECT sha256 INTO before FROM submissions_traillink ORDER BY id DESC LIMIT 1;
            INSERT INTO submissions_traillink (event_table, event_id, row_sha256, sha256, linked_at) VALUES (
                event, missing.pgh_id, missing.row_sha256,
                submissions_link_sha256(coalesce(before, ''), event, missing.pgh_id, missing.row_sha256),
                clock_timestamp()
            );
        END LOOP;
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER trail_link AFTER INSERT ON %I DEFERRABLE INITIALLY DEFERRED'
            ' FOR EACH ROW EXECUTE FUNCTION submissions_add_link()', event
        );
    END LOOP;
END
$$;

REVOKE EXECUTE ON FUNCTION submissions_chain_events() FROM PUBLIC;

-- Where personal data left the trail (erasure.sql), the link says what the row's hash became. The chain stays as it was.
CREATE FUNCTION submissions_note_erased(event_table_name text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    EXECUTE format(
        'UPDATE submissions_traillink l SET erased_sha256 = submissions_row_sha256(to_jsonb(e))'
        ' FROM %I e WHERE l.event_table = %L AND l.event_id = e.pgh_id'
        ' AND submissions_row_sha256(to_jsonb(e)) NOT IN (l.row_sha256, l.erased_sha256)', event_table_name, event_table_name
    );
END
$$;

REVOKE EXECUTE ON FUNCTION submissions_note_erased(text) FROM PUBLIC;
