"""The stakeholder's draft: what opens it, how it is saved, what of it was sent, and when it is deleted."""
