DROP FUNCTION submissions_erase(text[], text, text);
DROP FUNCTION submissions_correct(text, text, text);
DROP FUNCTION submissions_erasure_is_written_down(text[], text, text);
DROP FUNCTION submissions_begin_erasing();
DROP FUNCTION submissions_end_erasing();

CREATE OR REPLACE FUNCTION submissions_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was sent is final: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'WS004';
END
$$;
