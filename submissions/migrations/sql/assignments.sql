-- When somebody was given a submission to read by somebody else; what one takes for oneself is no news to them.
CREATE FUNCTION submissions_note_assignment() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.assigned_at := CASE WHEN NEW.assignee_id IS DISTINCT FROM NEW.changed_by_id THEN clock_timestamp() END;
    RETURN NEW;
END
$$;

CREATE TRIGGER review_assigned BEFORE UPDATE OF assignee_id ON submissions_review FOR EACH ROW
WHEN (OLD.assignee_id IS DISTINCT FROM NEW.assignee_id) EXECUTE FUNCTION submissions_note_assignment();

CREATE TRIGGER review_assigned_at_once BEFORE INSERT ON submissions_review FOR EACH ROW
WHEN (NEW.assignee_id IS NOT NULL) EXECUTE FUNCTION submissions_note_assignment();
