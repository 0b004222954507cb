-- A commitment is final like what it binds. When something is erased or corrected, by the tables' owner alone, the salts
-- go with it: with a salt, and a guess at what was erased, the guess could be proven.

CREATE TRIGGER commitment_is_final BEFORE UPDATE OR DELETE ON submissions_commitment
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();

CREATE FUNCTION submissions_forgets_respondent_salts() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE submissions_commitment SET salts = overlay(salts PLACING decode(repeat('00', 32), 'hex') FROM 1 FOR 32)
        WHERE submission_id IN (SELECT id FROM changed);
    RETURN NULL;
END
$$;
CREATE TRIGGER submission_forgets_salts AFTER UPDATE ON submissions_submission
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION submissions_forgets_respondent_salts();

CREATE FUNCTION submissions_forgets_salts() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE submissions_commitment SET salts = decode(repeat('00', octet_length(salts)), 'hex')
        WHERE submission_id IN (SELECT submission_id FROM changed);
    RETURN NULL;
END
$$;
CREATE TRIGGER contribution_forgets_salts AFTER UPDATE ON submissions_contribution
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION submissions_forgets_salts();
