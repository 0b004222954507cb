DROP FUNCTION submissions_redacted(text, text[]);
