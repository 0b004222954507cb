"""Full-text search in what was sent, in any script: the worker fills the index, the workspace asks it."""
