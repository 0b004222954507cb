DROP TRIGGER context_only_grows ON pghistory_context;
DROP FUNCTION submissions_context_only_grows();
