"""The desk's trail: who saw whom to write to, who changed what, who took what out. Written, read, and never changed."""
