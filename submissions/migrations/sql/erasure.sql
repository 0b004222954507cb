-- How personal data leaves what is final: by the tables' owner alone, who says so with privacy.erases, in its own session
-- (`manage.py personal_data`, two persons) or in a function that the owner made (a period that is over: privacy/).
--
-- submissions_is_final             lets exactly that through.
-- submissions_erase                contacts, and texts where that is asked for, of whole references; with what lies about
--                                  them elsewhere: mails, late accesses, marked passages, the trail, files of exports.
-- submissions_correct              another name or address in their place.
--
-- Nobody but the owner may call the last two. What is written in the place of the data is also in models/erasure.py.

CREATE OR REPLACE FUNCTION submissions_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('privacy.erases', true) = 'on'
        AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was sent is final: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'WS004';
END
$$;

-- The trail is neither written while personal data leaves it, nor does it refuse that.
CREATE FUNCTION submissions_begin_erasing() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('privacy.erases', 'on', true);
    PERFORM set_config('pgtrigger.ignore', (
        SELECT array_agg(tgname)::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger\_%'
    ), true);
END
$$;

CREATE FUNCTION submissions_end_erasing() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('privacy.erases', 'off', true);
    PERFORM set_config('pgtrigger.ignore', '{}', true);
END
$$;

CREATE FUNCTION submissions_erase(erased text[], what text, why text) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    gone CONSTANT text := '[erased]';
    gone_address CONSTANT text := 'erased@personal-data.invalid';
    gone_text CONSTANT text := '[erased at the request of the person who wrote it]';
    changed bigint;
    accesses bigint[];
BEGIN
    PERFORM submissions_begin_erasing();
    UPDATE submissions_submission SET contact_name = gone, email = gone_address
        WHERE reference = ANY (erased) AND (contact_name, email) <> (gone, gone_address);
    GET DIAGNOSTICS changed = ROW_COUNT;
    SELECT array_agg(late_access_id) INTO accesses
        FROM submissions_admission a JOIN submissions_submission s ON s.id = a.submission_id
        WHERE s.reference = ANY (erased);
    UPDATE submissions_lateaccess SET for_whom = gone, email = '' WHERE id = ANY (accesses);
    UPDATE submissions_lateaccessevent SET for_whom = gone, email = '' WHERE pgh_obj_id = ANY (accesses);
    IF FOUND THEN
        PERFORM submissions_note_erased('submissions_lateaccessevent');
    END IF;
    DELETE FROM submissions_mail WHERE late_access_id = ANY (accesses) OR submission_id IN (
        SELECT id FROM submissions_submission WHERE reference = ANY (erased)
    );
    IF what = 'texts' THEN
        UPDATE submissions_proposal SET
            wording = CASE WHEN wording = '' THEN '' ELSE gone_text END, reason = CASE WHEN reason = '' THEN '' ELSE gone_text END
            WHERE contribution_id IN (
                SELECT c.id FROM submissions_contribution c JOIN submissions_submission s ON s.id = c.submission_id
                WHERE s.reference = ANY (erased)
            );
        UPDATE submissions_contribution SET text = CASE WHEN text = '' THEN '' ELSE gone_text END
            WHERE submission_id IN (SELECT id FROM submissions_submission WHERE reference = ANY (erased));
        DELETE FROM submissions_highlight WHERE reference = ANY (erased);
        DELETE FROM submissions_redaction WHERE reference = ANY (erased);
        UPDATE submissions_highlightevent SET passage = gone_text WHERE reference = ANY (erased);
        UPDATE submissions_redactionevent SET passage = gone_text WHERE reference = ANY (erased);
        PERFORM submissions_note_erased('submissions_highlightevent');
        PERFORM submissions_note_erased('submissions_redactionevent');
    END IF;
    PERFORM submissions_erasure_is_written_down(erased, what, why);
    PERFORM submissions_end_erasing();
    RETURN changed;
END
$$;

CREATE FUNCTION submissions_correct(corrected text, new_name text, new_address text) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    PERFORM submissions_begin_erasing();
    UPDATE submissions_submission SET
        contact_name = coalesce(nullif(new_name, ''), contact_name), email = coalesce(nullif(new_address, ''), email)
        WHERE reference = corrected;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM submissions_erasure_is_written_down(ARRAY[corrected], 'correction', 'request');
    PERFORM submissions_end_erasing();
    RETURN changed;
END
$$;

-- What was received is named by its SHA-256; records are written again, and files of exports removed.
CREATE FUNCTION submissions_erasure_is_written_down(erased text[], what text, why text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    rounds bigint[] := ARRAY(SELECT DISTINCT consultation_id FROM submissions_submission WHERE reference = ANY (erased));
    at timestamptz := clock_timestamp();
BEGIN
    INSERT INTO submissions_erasure (reference, what, why, erased_at, digests)
        SELECT reference, what, why, at, jsonb_object_agg(version, content_sha256)
        FROM submissions_submission WHERE reference = ANY (erased) GROUP BY reference;
    INSERT INTO submissions_formerrecord (record_id, sha256, written_at, replaced_at)
        SELECT id, sha256, written_at, at FROM submissions_record
        WHERE consultation_id = ANY (rounds) AND written_at IS NOT NULL;
    UPDATE submissions_record SET written_at = NULL, file = '', sha256 = '', due_at = at, attempts_allowed = attempts + 12
        WHERE consultation_id = ANY (rounds) AND written_at IS NOT NULL;
    UPDATE submissions_export SET state = 'expired' WHERE consultation_id = ANY (rounds) AND state = 'done';
END
$$;

REVOKE EXECUTE ON FUNCTION submissions_begin_erasing(), submissions_end_erasing(), submissions_erase(text[], text, text),
    submissions_correct(text, text, text), submissions_erasure_is_written_down(text[], text, text) FROM PUBLIC;
