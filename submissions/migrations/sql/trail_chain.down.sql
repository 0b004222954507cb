DO $$
DECLARE
    event text;
BEGIN
    FOR event IN SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'trail_link' LOOP
        EXECUTE format('DROP TRIGGER trail_link ON %I', event);
    END LOOP;
END $$;
DROP FUNCTION submissions_add_link();
DROP FUNCTION submissions_chain_events();
DROP FUNCTION submissions_note_erased(text);
DROP FUNCTION submissions_link_sha256(text, text, bigint, text);
DROP FUNCTION submissions_row_sha256(jsonb);
