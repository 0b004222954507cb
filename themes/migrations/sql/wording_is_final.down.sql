DROP TRIGGER wording_change_is_final ON themes_wordingchange;
DROP FUNCTION themes_is_final();
