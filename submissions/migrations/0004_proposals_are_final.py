"""Proposed wording is held to what holds for the texts (0002), and a contribution says something.

contribution_in_time  as in 0002, and at COMMIT there is a text, or a row of proposed wording.
proposal_in_time      at COMMIT: its submission was written by this transaction, so nothing is added to what was received.
proposal_is_final     what was sent is not changed and not deleted.
"""

from django.db import migrations

CONTRIBUTION = """
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
    PERFORM themes_assert_intake_open(submission.consultation_id, submission.received_at);
    IF submission.xmin <> pg_current_xact_id()::xid THEN
        RAISE EXCEPTION 'what was sent is final: no text is added to submission %', NEW.submission_id
            USING ERRCODE = 'WS004';
    END IF;
    {not_empty}
    RETURN NULL;
END
$$;
"""

NOT_EMPTY = """
    IF NEW.text !~ '\\S' AND NOT EXISTS (SELECT FROM submissions_proposal WHERE contribution_id = NEW.id) THEN
        RAISE EXCEPTION 'contribution % says nothing', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contribution_is_not_empty';
    END IF;
"""

PROPOSAL = """
CREATE FUNCTION submissions_proposal_in_time() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
"""

NO_PROPOSAL = """
DROP TRIGGER proposal_is_final ON submissions_proposal;
DROP TRIGGER proposal_in_time ON submissions_proposal;
DROP FUNCTION submissions_proposal_in_time();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_the_journey")]
    operations = [
        migrations.RunSQL(
            CONTRIBUTION.replace("{not_empty}", NOT_EMPTY), CONTRIBUTION.replace("{not_empty}", "")
        ),
        migrations.RunSQL(PROPOSAL, NO_PROPOSAL),
    ]
