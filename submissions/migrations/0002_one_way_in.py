"""What holds for every writer, whether a view, the admin, a shell or plain SQL.

submission_stamp      `received_at` is PostgreSQL's clock, whatever the writer says.
submission_in_time    at COMMIT: intake is open (themes 0002), the submission has a contribution, and a later version
                      follows the one before it and no withdrawal.
contribution_in_time  at COMMIT: intake is open, the theme belongs to the submission's consultation, and the submission
                      was written by this transaction: no text is added to what was received.
withdrawal_in_time    at COMMIT: intake is open, and what is withdrawn is the last version.
*_is_final            what was sent is not changed and not deleted.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION submissions_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.received_at := clock_timestamp();
    RETURN NEW;
END
$$;

CREATE TRIGGER submission_stamp BEFORE INSERT ON submissions_submission
FOR EACH ROW EXECUTE FUNCTION submissions_stamp();

-- Versions and the withdrawal of one reference wait for each other here.
CREATE FUNCTION submissions_lock_reference(locked text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM submissions_submission WHERE reference = locked AND version = 1 FOR UPDATE;
END
$$;

CREATE FUNCTION submissions_submission_in_time() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.version > 1 THEN
        PERFORM submissions_lock_reference(NEW.reference);
        IF NOT EXISTS (
            SELECT FROM submissions_submission
            WHERE reference = NEW.reference AND version = NEW.version - 1 AND consultation_id = NEW.consultation_id
        ) THEN
            RAISE EXCEPTION 'version % of % follows none', NEW.version, NEW.reference
                USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_version_follows_one';
        END IF;
        IF EXISTS (SELECT FROM submissions_withdrawal WHERE reference = NEW.reference) THEN
            RAISE EXCEPTION '% was withdrawn', NEW.reference USING ERRCODE = 'WS005';
        END IF;
    END IF;
    PERFORM themes_assert_intake_open(NEW.consultation_id, NEW.received_at);
    IF NOT EXISTS (SELECT FROM submissions_contribution WHERE submission_id = NEW.id) THEN
        RAISE EXCEPTION 'submission % has no contribution', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_has_a_contribution';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER submission_in_time AFTER INSERT ON submissions_submission
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION submissions_submission_in_time();

CREATE FUNCTION submissions_contribution_in_time() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    submission record;
BEGIN
    SELECT consultation_id, received_at, xmin INTO STRICT submission
        FROM submissions_submission WHERE id = NEW.submission_id;
    IF NOT EXISTS (
        SELECT FROM themes_theme WHERE id = NEW.theme_id AND consultation_id = submission.consultation_id
    ) THEN
        RAISE EXCEPTION 'theme % is of another consultation', NEW.theme_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contribution_is_on_a_theme_of_its_consultation';
    END IF;
    PERFORM themes_assert_intake_open(submission.consultation_id, submission.received_at);
    IF submission.xmin <> pg_current_xact_id()::xid THEN
        RAISE EXCEPTION 'what was sent is final: no text is added to submission %', NEW.submission_id
            USING ERRCODE = 'WS004';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER contribution_in_time AFTER INSERT ON submissions_contribution
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION submissions_contribution_in_time();

CREATE FUNCTION submissions_withdrawal_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.withdrawn_at := clock_timestamp();
    RETURN NEW;
END
$$;

CREATE TRIGGER withdrawal_stamp BEFORE INSERT ON submissions_withdrawal
FOR EACH ROW EXECUTE FUNCTION submissions_withdrawal_stamp();

CREATE FUNCTION submissions_withdrawal_in_time() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    submission record;
BEGIN
    PERFORM submissions_lock_reference(NEW.reference);
    SELECT consultation_id, reference, version INTO STRICT submission
        FROM submissions_submission WHERE id = NEW.submission_id;
    IF submission.reference <> NEW.reference OR EXISTS (
        SELECT FROM submissions_submission WHERE reference = NEW.reference AND version > submission.version
    ) THEN
        RAISE EXCEPTION 'a withdrawal names the last version'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawal_is_of_the_last_version';
    END IF;
    PERFORM themes_assert_intake_open(submission.consultation_id, NEW.withdrawn_at);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER withdrawal_in_time AFTER INSERT ON submissions_withdrawal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION submissions_withdrawal_in_time();

CREATE FUNCTION submissions_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was sent is final: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'WS004';
END
$$;

CREATE TRIGGER submission_is_final BEFORE UPDATE OR DELETE ON submissions_submission
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();

CREATE TRIGGER withdrawal_is_final BEFORE UPDATE OR DELETE ON submissions_withdrawal
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();

CREATE TRIGGER contribution_is_final BEFORE UPDATE OR DELETE ON submissions_contribution
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();
"""

BACKWARDS = """
DROP TRIGGER contribution_is_final ON submissions_contribution;
DROP TRIGGER submission_is_final ON submissions_submission;
DROP TRIGGER withdrawal_is_final ON submissions_withdrawal;
DROP FUNCTION submissions_is_final();
DROP TRIGGER withdrawal_in_time ON submissions_withdrawal;
DROP FUNCTION submissions_withdrawal_in_time();
DROP TRIGGER withdrawal_stamp ON submissions_withdrawal;
DROP FUNCTION submissions_withdrawal_stamp();
DROP TRIGGER contribution_in_time ON submissions_contribution;
DROP FUNCTION submissions_contribution_in_time();
DROP TRIGGER submission_in_time ON submissions_submission;
DROP FUNCTION submissions_submission_in_time();
DROP FUNCTION submissions_lock_reference(text);
DROP TRIGGER submission_stamp ON submissions_submission;
DROP FUNCTION submissions_stamp();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial"), ("themes", "0002_intake_guard")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
