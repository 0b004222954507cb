-- Retention of what is final. The role that serves the public may delete none of it, so it calls a function of the
-- owner's; and how long each kind is kept is the owner's word too (`manage.py set_retention`, by `prepare`): whoever
-- breaks into web or worker can have nothing deleted but what is outdated anyway.

CREATE FUNCTION privacy_kept(which text) RETURNS interval LANGUAGE sql IMMUTABLE
RETURN CASE which
    WHEN 'contacts' THEN interval '730 days'
    WHEN 'contact-views' THEN interval '1095 days'
    WHEN 'trail' THEN interval '1825 days'
END;

CREATE FUNCTION privacy_remove_outdated(which text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before timestamptz := clock_timestamp() - privacy_kept(which);
    removed bigint := 0;
    part bigint;
    event text;
    outdated text[];
BEGIN
    IF before IS NULL THEN
        RAISE EXCEPTION 'no period is set for %', which;
    END IF;
    IF which = 'contacts' THEN
        outdated := ARRAY(
            SELECT DISTINCT s.reference FROM submissions_submission s
            JOIN themes_consultation c ON c.id = s.consultation_id
            WHERE c.closed_at <= before AND s.email <> 'erased@personal-data.invalid'
            LIMIT 1000
        );
        IF cardinality(outdated) > 0 THEN
            removed := submissions_erase(outdated, 'contacts', 'period');
        END IF;
        RETURN removed;
    END IF;
    PERFORM submissions_begin_erasing();
    IF which = 'contact-views' THEN
        DELETE FROM submissions_contactview WHERE seen_at <= before;
        GET DIAGNOSTICS removed = ROW_COUNT;
    ELSE
        FOR event IN
            SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE c.relnamespace = 'public'::regnamespace AND t.tgname LIKE 'pgtrigger\_append\_only%'
            ORDER BY 1
        LOOP
            EXECUTE format('DELETE FROM %I WHERE pgh_created_at <= $1', event) USING before;
            GET DIAGNOSTICS part = ROW_COUNT;
            removed := removed + part;
        END LOOP;
        DELETE FROM pghistory_context WHERE updated_at <= before;
        DELETE FROM django_admin_log WHERE action_time <= before;
    END IF;
    PERFORM submissions_end_erasing();
    RETURN removed;
END
$$;
