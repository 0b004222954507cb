-- What holds for every writer, whether a view, the admin, a shell or plain SQL.
--
-- submission_stamp      received_at is PostgreSQL's clock, whatever the writer says.
-- submission_in_time    at COMMIT: intake is open, or an admission lets it in (admissions.sql); the submission has a
--                       contribution, and a later version follows the one before it and no withdrawal.
-- contribution_in_time  at COMMIT: the same for its submission; the theme belongs to the submission's consultation, the
--                       submission was written by this transaction (no text is added to what was received), and there is
--                       a text or a row of proposed wording.
-- proposal_in_time      at COMMIT: its submission was written by this transaction.
-- withdrawal_in_time    at COMMIT: intake is open, and what is withdrawn is the last version.
-- *_is_final            what was sent is not changed and not deleted.

CREATE FUNCTION submissions_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.received_at := clock_timestamp();
    RETURN NEW;
END
$$;

CREATE TRIGGER submission_stamp BEFORE INSERT ON submissions_submission
FOR EACH ROW EXECUTE FUNCTION submissions_stamp();

-- Versions, the withdrawal and the decisions on one reference wait for each other here. A row lock asks for the right to
-- change the row, which nobody but the owner has.
CREATE FUNCTION submissions_lock_reference(locked text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM submissions_submission WHERE reference = locked AND version = 1 FOR UPDATE;
END
$$;

CREATE FUNCTION submissions_submission_in_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    PERFORM submissions_assert_admitted(NEW.id, NEW.consultation_id, NEW.received_at);
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
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    PERFORM submissions_assert_admitted(NEW.submission_id, submission.consultation_id, submission.received_at);
    IF submission.xmin <> pg_current_xact_id()::xid THEN
        RAISE EXCEPTION 'what was sent is final: no text is added to submission %', NEW.submission_id
            USING ERRCODE = 'WS004';
    END IF;
    IF NEW.text !~ '\S' AND NOT EXISTS (SELECT FROM submissions_proposal WHERE contribution_id = NEW.id) THEN
        RAISE EXCEPTION 'contribution % says nothing', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contribution_is_not_empty';
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
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

CREATE FUNCTION submissions_proposal_in_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    written_by xid;
BEGIN
    SELECT s.xmin INTO STRICT written_by
        FROM submissions_submission s JOIN submissions_contribution c ON c.submission_id = s.id
        WHERE c.id = NEW.contribution_id;
    IF written_by <> pg_current_xact_id()::xid THEN
        RAISE EXCEPTION 'what was sent is final: no row is added to contribution %', NEW.contribution_id
            USING ERRCODE = 'WS004';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER proposal_in_time AFTER INSERT ON submissions_proposal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION submissions_proposal_in_time();

CREATE TRIGGER proposal_is_final BEFORE UPDATE OR DELETE ON submissions_proposal
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();
