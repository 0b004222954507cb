"""The only way in: storing what is sent, taking it back, and confirming whose address it came from."""
