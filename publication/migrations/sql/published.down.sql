DROP FUNCTION publication_note_change() CASCADE;
DROP FUNCTION publication_act_is_final() CASCADE;
DROP FUNCTION publication_is_withdrawn() CASCADE;
DROP FUNCTION publication_on_contribution() CASCADE;
DROP FUNCTION publication_on_reference() CASCADE;
DROP FUNCTION publication_on_theme() CASCADE;
DROP FUNCTION publication_outdate_archive() CASCADE;
DROP FUNCTION publication_hold_back(text, bigint) CASCADE;
