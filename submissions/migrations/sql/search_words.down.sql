DROP TRIGGER submission_forgets_words ON submissions_submission;
DROP TRIGGER proposal_forgets_words ON submissions_proposal;
DROP TRIGGER contribution_forgets_words ON submissions_contribution;
DROP TRIGGER submission_awaits_words ON submissions_submission;
DROP TRIGGER contribution_awaits_words ON submissions_contribution;
DROP FUNCTION submissions_submission_forgets_words(), submissions_proposal_forgets_words(),
    submissions_contribution_forgets_words(), submissions_submission_awaits_words(), submissions_contribution_awaits_words();
