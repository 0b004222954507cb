"""The secretariat's desk for what came in: `reading` it, and what is `following` from it. Drafts are not here."""

from submissions.admin import following, reading

__all__ = ["following", "reading"]
