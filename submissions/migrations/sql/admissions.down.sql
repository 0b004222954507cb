DROP TRIGGER contact_view_is_final ON submissions_contactview;
DROP TRIGGER admission_is_final ON submissions_admission;
DROP TRIGGER admission_in_time ON submissions_admission;
DROP FUNCTION submissions_admission_in_time();
DROP TRIGGER admission_stamp ON submissions_admission;
DROP FUNCTION submissions_admission_stamp();
DROP FUNCTION submissions_assert_admitted(bigint, bigint, timestamptz);
