"""The interface for programs: what is published, as JSON, for reading; no key, and texts stand in the lists."""
