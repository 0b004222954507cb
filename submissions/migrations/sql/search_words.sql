-- What a search looks in is filled by the worker (submissions/search/). These triggers say what it has to look at: what
-- was stored, by whatever way, and what was changed because somebody's data was erased or corrected.

-- With their owner's right: processes that run while this is installed have none on the new tables yet.
CREATE FUNCTION submissions_contribution_awaits_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO submissions_contributionwords (contribution_id, submission_id) SELECT id, submission_id FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER contribution_awaits_words AFTER INSERT ON submissions_contribution
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION submissions_contribution_awaits_words();

CREATE FUNCTION submissions_submission_awaits_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO submissions_submissionwords (submission_id) SELECT id FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER submission_awaits_words AFTER INSERT ON submissions_submission
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION submissions_submission_awaits_words();

CREATE FUNCTION submissions_contribution_forgets_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE submissions_contributionwords SET words = NULL WHERE contribution_id IN (SELECT id FROM changed);
    RETURN NULL;
END
$$;
CREATE TRIGGER contribution_forgets_words AFTER UPDATE ON submissions_contribution
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION submissions_contribution_forgets_words();

CREATE FUNCTION submissions_proposal_forgets_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE submissions_contributionwords SET words = NULL WHERE contribution_id IN (SELECT contribution_id FROM changed);
    RETURN NULL;
END
$$;
CREATE TRIGGER proposal_forgets_words AFTER UPDATE ON submissions_proposal
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION submissions_proposal_forgets_words();

CREATE FUNCTION submissions_submission_forgets_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE submissions_submissionwords SET words = NULL, contact_words = NULL
        WHERE submission_id IN (SELECT id FROM changed);
    RETURN NULL;
END
$$;
CREATE TRIGGER submission_forgets_words AFTER UPDATE ON submissions_submission
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION submissions_submission_forgets_words();
