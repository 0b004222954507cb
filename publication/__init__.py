"""What the public can check and read afterwards. It stands on the submissions; nothing below imports it."""
