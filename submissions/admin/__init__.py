"""The secretariat's desk, one room for each thing that is done there. None of them holds a draft."""

from submissions.admin import admitting, by_theme, exporting, flagging, following, mailing, reading, tagging, trailing

__all__ = ["admitting", "by_theme", "exporting", "flagging", "following", "mailing", "reading", "tagging", "trailing"]
