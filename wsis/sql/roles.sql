-- What each role of the database may do. Run by the tables' owner after every migration (`manage.py prepare`), as often
-- as one likes. {runtime} is the role of web, worker and beat; {reader} that of exports from a replica, or the same.
--
-- The runtime role owns nothing: it switches no guard off, and what is final it may neither change nor delete. A table
-- says itself that it is final: it has a trigger named *_is_final, or pgtrigger's for append-only tables.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- A temporary table would stand before the real one in every search path.
DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$;
DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), {runtime_name}, {reader_name}); END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {runtime}, {reader};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {runtime}, {reader};
GRANT USAGE ON SCHEMA public TO {runtime}, {reader};

-- The reader: what an export holds. No session, no secret of a second factor.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader};
DO $$
DECLARE
    secret text;
BEGIN
    FOR secret IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '^accounts_' LOOP
        EXECUTE format('REVOKE ALL ON %I FROM %I', secret, {reader_name});
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {runtime};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {runtime};
DO $$
DECLARE
    final text;
BEGIN
    FOR final IN
        SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE c.relnamespace = 'public'::regnamespace
            AND (t.tgname LIKE '%\_is\_final' OR t.tgname LIKE 'pgtrigger\_append\_only%')
        UNION VALUES ('pghistory_context'), ('django_admin_log')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %I FROM %I', final, {runtime_name});
    END LOOP;
END $$;
REVOKE INSERT, UPDATE, DELETE ON django_migrations, submissions_erasure, submissions_formerrecord, submissions_traillink
    FROM {runtime};

-- pghistory writes who it was by an upsert. The function does it with its owner's right, so that nobody else may change it.
ALTER FUNCTION _pgh_attach_context() SECURITY DEFINER SET search_path = public, pg_temp;

-- pgtrigger lets every session switch its triggers off by a setting (pgtrigger.ignore). Here only the tables' owner can.
-- pgtrigger makes this function anew with each migration.
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    named text[];
BEGIN
    -- current_user, not session_user: a function of the owner's may, whoever calls it.
    IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'public.django_migrations'::regclass), 'USAGE') THEN
        RETURN false;
    END IF;
    BEGIN
        named := current_setting('pgtrigger.ignore');
    EXCEPTION WHEN OTHERS THEN
        RETURN false;
    END;
    RETURN coalesce(trigger_name = ANY (named), false);
END $$;

-- A table of the history that a migration has added joins the chain.
SELECT submissions_chain_events();
