DROP TRIGGER review_assigned_at_once ON submissions_review;
DROP TRIGGER review_assigned ON submissions_review;
DROP FUNCTION submissions_note_assignment();
