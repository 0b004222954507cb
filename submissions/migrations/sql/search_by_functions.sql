-- submissions_search_words stays: organisations are compared by it (review/flags/sweep.py).
DROP FUNCTION submissions_search_query(text), submissions_searchable(text);
