DROP FUNCTION privacy_remove_outdated(text);
DROP FUNCTION privacy_kept(text);
