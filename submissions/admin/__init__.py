"""The secretariat's desk: `reading` what came in, what is `following` from it, `exporting`. Drafts are not here."""

from submissions.admin import exporting, following, reading

__all__ = ["exporting", "following", "reading"]
