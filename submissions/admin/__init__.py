"""The secretariat's desk: `reading` what came in, what is `following` from it, `exporting`, `tagging`. No drafts."""

from submissions.admin import exporting, following, reading, tagging

__all__ = ["exporting", "following", "reading", "tagging"]
