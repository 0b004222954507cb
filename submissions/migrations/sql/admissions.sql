-- The one other way in: a submission whose admission says that it is late is held to that, in the place of the window.
-- It has a reason and somebody answers for it (constraints); the consultation has opened; and a link that it came by is
-- of this consultation, not revoked, and not expired at COMMIT.
--
-- admission_stamp       entered_at and is_late are PostgreSQL's, whatever the writer says. What was stamped in time and
--                       commits too late is refused like any other.
-- admission_in_time     at COMMIT: it was written with its submission, so nothing that was refused is let in afterwards.
-- *_is_final            an admission and a view of contacts are not changed and not deleted.
--
-- 1465076051 is LOCK_SPACE of themes/lock.py; a test holds the two together.

CREATE FUNCTION submissions_assert_admitted(submission bigint, consultation bigint, received_at timestamptz)
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

CREATE FUNCTION submissions_admission_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.entered_at := clock_timestamp();
    SELECT c.closed_at IS NOT NULL OR c.closes_at <= NEW.entered_at INTO STRICT NEW.is_late
        FROM submissions_submission s JOIN themes_consultation c ON c.id = s.consultation_id
        WHERE s.id = NEW.submission_id;
    RETURN NEW;
END
$$;

CREATE TRIGGER admission_stamp BEFORE INSERT ON submissions_admission
FOR EACH ROW EXECUTE FUNCTION submissions_admission_stamp();

CREATE FUNCTION submissions_admission_in_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM submissions_submission WHERE id = NEW.submission_id AND xmin = pg_current_xact_id()::xid
    ) THEN
        RAISE EXCEPTION 'what was sent is final: no admission is added to submission %', NEW.submission_id
            USING ERRCODE = 'WS004';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER admission_in_time AFTER INSERT ON submissions_admission
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION submissions_admission_in_time();

CREATE TRIGGER admission_is_final BEFORE UPDATE OR DELETE ON submissions_admission
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();

CREATE TRIGGER contact_view_is_final BEFORE UPDATE OR DELETE ON submissions_contactview
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();
