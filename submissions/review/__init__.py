"""What the secretariat makes of what came in: state, assignee, tags, notes. Beside a submission and never in it."""
