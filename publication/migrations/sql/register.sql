-- What stands in the register is never changed: whoever may not do more than serve the public can only add to it.
CREATE TRIGGER register_entry_is_final BEFORE UPDATE OR DELETE ON publication_registerentry
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();
CREATE TRIGGER register_checkpoint_is_final BEFORE UPDATE OR DELETE ON publication_registercheckpoint
FOR EACH ROW EXECUTE FUNCTION submissions_is_final();
