DROP FUNCTION themes_assert_intake_open(bigint, timestamptz);
