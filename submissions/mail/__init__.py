"""Mail to stakeholders: what is written, the outbox it waits in, reminders, and what comes back."""
