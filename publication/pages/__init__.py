"""The public pages of what is published, and of the register."""
