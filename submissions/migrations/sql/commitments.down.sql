DROP TRIGGER contribution_forgets_salts ON submissions_contribution;
DROP TRIGGER submission_forgets_salts ON submissions_submission;
DROP FUNCTION submissions_forgets_salts(), submissions_forgets_respondent_salts();
DROP TRIGGER commitment_is_final ON submissions_commitment;
