DROP INDEX proposal_search;
DROP INDEX submission_contact_search;
DROP INDEX submission_search;
DROP INDEX contribution_search;
DROP FUNCTION submissions_search_query(text);
DROP FUNCTION submissions_searchable(text);
DROP FUNCTION submissions_search_words(text);
