-- As admissions.sql has them.

CREATE OR REPLACE FUNCTION submissions_admission_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.entered_at := clock_timestamp();
    SELECT c.closed_at IS NOT NULL OR c.closes_at <= NEW.entered_at INTO STRICT NEW.is_late
        FROM submissions_submission s JOIN themes_consultation c ON c.id = s.consultation_id
        WHERE s.id = NEW.submission_id;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION submissions_assert_admitted(submission bigint, consultation bigint, received_at timestamptz)
RETURNS void LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    admission record;
    access record;
BEGIN
    SELECT is_late, late_access_id INTO admission FROM submissions_admission WHERE submission_id = submission;
    IF NOT FOUND OR NOT admission.is_late THEN
        PERFORM themes_assert_intake_open(consultation, received_at);
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(1465076051, consultation::integer);
    IF EXISTS (SELECT FROM themes_consultation WHERE id = consultation AND opens_at > received_at) THEN
        RAISE EXCEPTION 'intake of consultation % is not open yet', consultation USING ERRCODE = 'WS002';
    END IF;
    IF admission.late_access_id IS NOT NULL THEN
        -- Whoever revokes it waits for this sending, or this sending for that.
        SELECT consultation_id, expires_at, revoked_at INTO STRICT access
            FROM submissions_lateaccess WHERE id = admission.late_access_id FOR UPDATE;
        IF access.consultation_id <> consultation OR access.revoked_at IS NOT NULL
            OR access.expires_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'this late access is over' USING ERRCODE = 'WS001';
        END IF;
    END IF;
END
$$;
