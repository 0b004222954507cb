-- Whoever holds something back takes its published copy off every page, file and search in the same transaction. The
-- worker draws the copy anew from what may be public then.
--
-- publication_hold_back   of a reference, on one theme or on all of them. The lock is shared: the worker takes it alone
--                         before it draws, so that nobody's decision that is not committed yet is overlooked
--                         (publication/lock.py).
-- published_round_version every process reads its kept pages anew (themes/rounds.py) when something is not public as
--                         it was.

CREATE FUNCTION publication_hold_back(held text, on_theme bigint, is_of_named boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    round bigint;
BEGIN
    SELECT consultation_id INTO round FROM submissions_submission WHERE reference = held AND version = 1;
    -- "PUBL" in ASCII.
    PERFORM pg_advisory_xact_lock_shared(1347764812, round::integer);
    IF NOT EXISTS (SELECT FROM publication_publishedtext WHERE reference = held) THEN
        RETURN;
    END IF;
    -- Before any text, as the worker does, so that no two wait for each other.
    PERFORM FROM themes_roundversion FOR UPDATE;
    UPDATE publication_publishedtext SET is_shown = false, is_due = true
        WHERE reference = held AND (on_theme IS NULL OR theme_id = on_theme) AND (is_named OR NOT is_of_named);
END
$$;

-- Nor is the archive that holds it given out any more. What is new in the lists asks for another one, too.
CREATE FUNCTION publication_outdate_archive() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE publication_publicarchive SET is_current = false
        WHERE is_current AND consultation_id IN (SELECT consultation_id FROM changed);
    RETURN NULL;
END
$$;

CREATE TRIGGER published_outdates_archive AFTER UPDATE ON publication_publishedtext
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publication_outdate_archive();

-- Of rows with a reference and a theme: what is blacked out, and what is decided.
CREATE FUNCTION publication_on_theme() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM publication_hold_back(OLD.reference, OLD.theme_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM publication_hold_back(NEW.reference, NEW.theme_id);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER publication_holds_back AFTER INSERT OR UPDATE OR DELETE ON submissions_redaction
FOR EACH ROW EXECUTE FUNCTION publication_on_theme();
-- That a text was cleared holds nothing back, and takes nothing off while it is read.
CREATE TRIGGER publication_holds_back_new AFTER INSERT ON submissions_publicationdecision
FOR EACH ROW WHEN (NEW.decision = 'withheld') EXECUTE FUNCTION publication_on_theme();
CREATE TRIGGER publication_holds_back AFTER UPDATE ON submissions_publicationdecision
FOR EACH ROW WHEN ('withheld' IN (OLD.decision, NEW.decision) OR NEW.read_version < OLD.read_version)
EXECUTE FUNCTION publication_on_theme();
CREATE FUNCTION publication_on_clearing() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE publication_publishedtext SET is_due = true
        WHERE reference = NEW.reference AND theme_id = NEW.theme_id AND NOT is_shown AND NOT is_due;
    RETURN NULL;
END
$$;

-- It may be public again.
CREATE TRIGGER publication_draws_again AFTER INSERT OR UPDATE ON submissions_publicationdecision
FOR EACH ROW WHEN (NEW.decision = 'cleared') EXECUTE FUNCTION publication_on_clearing();
CREATE TRIGGER publication_holds_back_gone AFTER DELETE ON submissions_publicationdecision
FOR EACH ROW EXECUTE FUNCTION publication_on_theme();

-- Of rows with a reference alone: a withdrawal, a later version, a review that is set aside or is not any more.
CREATE FUNCTION publication_on_reference() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM publication_hold_back(NEW.reference, NULL);
    RETURN NULL;
END
$$;

CREATE TRIGGER publication_holds_back AFTER INSERT ON submissions_withdrawal
FOR EACH ROW EXECUTE FUNCTION publication_on_reference();
CREATE TRIGGER publication_holds_back AFTER INSERT ON submissions_submission
FOR EACH ROW WHEN (NEW.version > 1) EXECUTE FUNCTION publication_on_reference();
CREATE TRIGGER publication_holds_back_new AFTER INSERT ON submissions_review
FOR EACH ROW WHEN (NEW.state = 'set-aside') EXECUTE FUNCTION publication_on_reference();
CREATE TRIGGER publication_holds_back AFTER UPDATE ON submissions_review
FOR EACH ROW WHEN (OLD.state <> NEW.state AND 'set-aside' IN (OLD.state, NEW.state))
EXECUTE FUNCTION publication_on_reference();

-- What its owner erases or corrects (privacy/), which changes what was sent itself. Of who sent it only texts with a
-- name say anything: if the others went off and came back in the same moment, they would be one person's.
CREATE FUNCTION publication_on_sender() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM publication_hold_back(NEW.reference, NULL, true);
    RETURN NULL;
END
$$;

CREATE TRIGGER publication_holds_back_erased AFTER UPDATE ON submissions_submission
FOR EACH ROW WHEN (
    (OLD.organisation, OLD.stakeholder_group, OLD.country) IS DISTINCT FROM
        (NEW.organisation, NEW.stakeholder_group, NEW.country)
    OR NEW.organisation = '' AND OLD.contact_name <> NEW.contact_name
) EXECUTE FUNCTION publication_on_sender();

CREATE FUNCTION publication_on_contribution() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM publication_hold_back(s.reference, c.theme_id)
        FROM submissions_contribution c JOIN submissions_submission s ON s.id = c.submission_id
        WHERE c.id = CASE TG_TABLE_NAME WHEN 'submissions_contribution'
            THEN (to_jsonb(NEW) ->> 'id')::bigint ELSE (to_jsonb(NEW) ->> 'contribution_id')::bigint END;
    RETURN NULL;
END
$$;

CREATE TRIGGER publication_holds_back AFTER UPDATE ON submissions_contribution
FOR EACH ROW EXECUTE FUNCTION publication_on_contribution();
CREATE TRIGGER publication_holds_back AFTER UPDATE ON submissions_proposal
FOR EACH ROW EXECUTE FUNCTION publication_on_contribution();

-- A publication that is withdrawn takes all its texts with it.
CREATE FUNCTION publication_is_withdrawn() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1347764812, NEW.consultation_id::integer);
    PERFORM FROM themes_roundversion FOR UPDATE;
    UPDATE publication_publishedtext SET is_shown = false, is_due = true WHERE publication_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER publication_is_withdrawn AFTER UPDATE ON publication_publication
FOR EACH ROW WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
EXECUTE FUNCTION publication_is_withdrawn();

-- What a stakeholder was shown does not change: neither what was confirmed nor when it was done.
CREATE FUNCTION publication_act_is_final() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'an act of publication is never changed afterwards'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_act_is_final';
END
$$;

CREATE TRIGGER publication_act_stays BEFORE UPDATE ON publication_publication
FOR EACH ROW WHEN (
    (OLD.consultation_id, OLD.number, OLD.scope, OLD.licence, OLD.respond_by, OLD.asked_by_id, OLD.asked_at)
        IS DISTINCT FROM
    (NEW.consultation_id, NEW.number, NEW.scope, NEW.licence, NEW.respond_by, NEW.asked_by_id, NEW.asked_at)
    OR OLD.answered_at IS NOT NULL AND (OLD.answered_by_id, OLD.answered_at, OLD.is_declined, OLD.content_sha256)
        IS DISTINCT FROM (NEW.answered_by_id, NEW.answered_at, NEW.is_declined, NEW.content_sha256)
    OR OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at
    OR OLD.withdrawn_at IS NOT NULL AND (OLD.withdrawn_at, OLD.withdrawal_reason)
        IS DISTINCT FROM (NEW.withdrawn_at, NEW.withdrawal_reason)
) EXECUTE FUNCTION publication_act_is_final();
CREATE TRIGGER publication_act_stays_there BEFORE DELETE ON publication_publication
FOR EACH ROW EXECUTE FUNCTION publication_act_is_final();

CREATE FUNCTION publication_note_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM changed) THEN
        INSERT INTO themes_roundversion (id, version) VALUES (1, gen_random_uuid())
            ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER published_round_version AFTER UPDATE ON publication_publishedtext
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publication_note_change();
CREATE TRIGGER published_round_version AFTER UPDATE ON publication_publication
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publication_note_change();
CREATE TRIGGER published_round_version AFTER UPDATE ON publication_publicfigures
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publication_note_change();
