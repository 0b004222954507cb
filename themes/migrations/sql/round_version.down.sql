DROP FUNCTION themes_note_change() CASCADE;
