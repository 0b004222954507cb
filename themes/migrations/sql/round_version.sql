-- What belongs to a round is kept in each web process (themes/rounds.py). Whoever changes it, by whatever way, gives
-- themes_roundversion another version in the same transaction: a random one, which never comes back.

CREATE FUNCTION themes_note_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO themes_roundversion (id, version) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY[
        'consultation', 'theme', 'themekind', 'milestone', 'extension', 'announcement'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER round_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON themes_%s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION themes_note_change()', watched
        );
    END LOOP;
END
$$;
