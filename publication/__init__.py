"""What the public reads and checks afterwards. It stands on the submissions; nothing below imports it."""
