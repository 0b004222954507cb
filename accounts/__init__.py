"""Who works in the workspace: signing in, the second factor, sessions, and the log of all that."""
