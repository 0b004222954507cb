-- As intake_guard.sql says it; and what is not published yet takes nothing, whatever its window.

CREATE OR REPLACE FUNCTION themes_assert_intake_open(consultation bigint, received_at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    intake record;
    moment timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a sending needs READ COMMITTED, not %', current_setting('transaction_isolation')
            USING ERRCODE = 'WS003';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(1465076051, consultation::integer);
    SELECT opens_at, closes_at, closed_at, public_since INTO STRICT intake FROM themes_consultation WHERE id = consultation;
    moment := clock_timestamp();
    IF intake.closed_at IS NOT NULL OR intake.closes_at <= moment THEN
        RAISE EXCEPTION 'intake of consultation % is closed', consultation USING ERRCODE = 'WS001';
    END IF;
    IF intake.opens_at > received_at OR intake.public_since IS NULL THEN
        RAISE EXCEPTION 'intake of consultation % is not open yet', consultation USING ERRCODE = 'WS002';
    END IF;
END
$$;
