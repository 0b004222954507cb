-- Who changed something, and on which page, is written by pghistory's function with its owner's right. It may gain facts
-- while a request goes on; what stands there is not written over.

CREATE FUNCTION submissions_context_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at OR NOT NEW.metadata @> OLD.metadata THEN
        RAISE EXCEPTION 'who it was is not written over' USING ERRCODE = 'WS004';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER context_only_grows BEFORE UPDATE ON pghistory_context
FOR EACH ROW EXECUTE FUNCTION submissions_context_only_grows();
