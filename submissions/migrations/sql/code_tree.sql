-- The code frame has two levels: a tag may stand under another one of its consultation, which stands under none.
CREATE FUNCTION submissions_tag_levels() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.parent_id IS NULL THEN
        RETURN NEW;
    END IF;
    -- Two that would make three levels together wait for each other here.
    PERFORM FROM submissions_tag WHERE id IN (NEW.parent_id, NEW.id) ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT FROM submissions_tag WHERE parent_id = NEW.id) OR NOT EXISTS (
        SELECT FROM submissions_tag
        WHERE id = NEW.parent_id AND id <> NEW.id AND parent_id IS NULL AND consultation_id = NEW.consultation_id
    ) THEN
        RAISE EXCEPTION 'tag % cannot stand under %', NEW.id, NEW.parent_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER tag_levels BEFORE INSERT OR UPDATE OF parent_id, consultation_id ON submissions_tag
FOR EACH ROW EXECUTE FUNCTION submissions_tag_levels();

-- None has one yet, so that there is nothing to be read through.
ALTER TABLE submissions_tag ADD CONSTRAINT tag_parent_is_there FOREIGN KEY (parent_id) REFERENCES submissions_tag (id)
DEFERRABLE INITIALLY DEFERRED NOT VALID;
