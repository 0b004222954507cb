ALTER TABLE submissions_tag DROP CONSTRAINT tag_parent_is_there;
DROP TRIGGER tag_levels ON submissions_tag;
DROP FUNCTION submissions_tag_levels();
