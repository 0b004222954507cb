"""What the public will read: as far as the stakeholder allowed, less what the secretariat holds back for a reason."""
