"""What the workspace should look at twice: found by the worker, taken down by people, and never a reason to delete."""
