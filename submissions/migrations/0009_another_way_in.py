"""The guard of 0002 and 0004 with one door more, and what follows the desk's tables.

submission_in_time, contribution_in_time  as before; but what has an admission that says it is late is held to that
                      instead of the window: it has a reason, somebody answers for it (constraints), the consultation
                      has opened, and a link it came by is of this consultation, not revoked, and not expired at COMMIT.
admission_stamp       `entered_at` and `is_late` are PostgreSQL's, whatever the writer says. What was stamped in time
                      and commits too late is refused like any other.
admission_in_time     at COMMIT: it was written with its submission, so nothing that was refused is let in afterwards.
*_is_final            an admission and a view of contacts are not changed and not deleted.

submissions_redacted  the text as the public reads it: every place where one of the passages stands is one bar, and
                      places that touch or overlap are one. Its twin is submissions/publication/redacting.py.
"""

from django.db import migrations

from themes.lock import LOCK_SPACE

ADMITTED = f"""
CREATE FUNCTION submissions_assert_admitted(submission bigint, consultation bigint, received_at timestamptz)
RETURNS void LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
    admission record;
    access record;
BEGIN
    SELECT is_late, late_access_id INTO admission FROM submissions_admission WHERE submission_id = submission;
    IF NOT FOUND OR NOT admission.is_late THEN
        PERFORM themes_assert_intake_open(consultation, received_at);
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock_shared({LOCK_SPACE}, consultation::integer);
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
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
"""

NOT_ADMITTED = """
DROP TRIGGER contact_view_is_final ON submissions_contactview;
DROP TRIGGER admission_is_final ON submissions_admission;
DROP TRIGGER admission_in_time ON submissions_admission;
DROP FUNCTION submissions_admission_in_time();
DROP TRIGGER admission_stamp ON submissions_admission;
DROP FUNCTION submissions_admission_stamp();
DROP FUNCTION submissions_assert_admitted(bigint, bigint, timestamptz);
"""

SENDING = """
CREATE OR REPLACE FUNCTION submissions_submission_in_time() RETURNS trigger
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
    PERFORM {submission};
    IF NOT EXISTS (SELECT FROM submissions_contribution WHERE submission_id = NEW.id) THEN
        RAISE EXCEPTION 'submission % has no contribution', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_has_a_contribution';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION submissions_contribution_in_time() RETURNS trigger
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
    PERFORM {contribution};
    IF submission.xmin <> pg_current_xact_id()::xid THEN
        RAISE EXCEPTION 'what was sent is final: no text is added to submission %', NEW.submission_id
            USING ERRCODE = 'WS004';
    END IF;
    IF NEW.text !~ '\\S' AND NOT EXISTS (SELECT FROM submissions_proposal WHERE contribution_id = NEW.id) THEN
        RAISE EXCEPTION 'contribution % says nothing', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contribution_is_not_empty';
    END IF;
    RETURN NULL;
END
$$;
"""

FORWARDS = SENDING.format(
    submission="submissions_assert_admitted(NEW.id, NEW.consultation_id, NEW.received_at)",
    contribution="submissions_assert_admitted(NEW.submission_id, submission.consultation_id, submission.received_at)",
)
BACKWARDS = SENDING.format(
    submission="themes_assert_intake_open(NEW.consultation_id, NEW.received_at)",
    contribution="themes_assert_intake_open(submission.consultation_id, submission.received_at)",
)

REDACTED = """
CREATE FUNCTION submissions_redacted(said text, passages text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    shown text := '';
    hidden_to integer := 0;
    span record;
BEGIN
    IF said IS NULL OR passages IS NULL OR cardinality(passages) = 0 THEN
        RETURN said;
    END IF;
    FOR span IN
        WITH RECURSIVE found AS (
            SELECT passage, strpos(said, passage) AS first
            FROM unnest(passages) AS passage WHERE passage <> ''
            UNION ALL
            SELECT passage, first + strpos(substr(said, first + 1), passage)
            FROM found WHERE first > 0 AND strpos(substr(said, first + 1), passage) > 0
        )
        SELECT first, first + char_length(passage) - 1 AS last FROM found WHERE first > 0 ORDER BY 1, 2
    LOOP
        IF hidden_to = 0 OR span.first > hidden_to + 1 THEN
            shown := shown || substr(said, hidden_to + 1, span.first - hidden_to - 1) || '█████';
        END IF;
        hidden_to := greatest(hidden_to, span.last);
    END LOOP;
    RETURN shown || substr(said, hidden_to + 1);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0008_the_whole_desk"), ("themes", "0004_announcements_and_four_eyes")]
    operations = [
        migrations.RunSQL(ADMITTED, NOT_ADMITTED),
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RunSQL(REDACTED, "DROP FUNCTION submissions_redacted(text, text[]);"),
    ]
