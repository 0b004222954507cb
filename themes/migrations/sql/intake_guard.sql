-- The rule of themes/intake.py in the database, where it decides: at COMMIT, by PostgreSQL's clock, under the lock.
--
-- themes_assert_intake_open is called by the deferred triggers of whatever takes input. It
--
-- 1. takes the consultation's advisory lock, shared, so that a closing (which takes it exclusively) never commits while
--    a sending is still on its way, and sendings do not wait for each other;
-- 2. reads the window in a statement of its own, which sees what committed while it waited for the lock;
-- 3. reads the clock after that, and refuses; what is not published yet takes nothing, whatever its window.
--
-- READ COMMITTED is asserted, because only there each statement sees what is committed by then. search_path is fixed,
-- because the caller's may lead elsewhere. 1465076051 is LOCK_SPACE of themes/lock.py; a test holds the two together.

CREATE FUNCTION themes_assert_intake_open(consultation bigint, received_at timestamptz) RETURNS void
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
