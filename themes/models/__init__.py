"""One import path for each model: `from themes.models import ...`."""

from themes.models.consultation import Consultation
from themes.models.extension import Announcement, AskedChange, Extension
from themes.models.kind import ThemeKind
from themes.models.milestone import Milestone, next_milestones
from themes.models.round_version import RoundVersion
from themes.models.theme import QUESTIONS_AFTER, Question, Theme
from themes.models.wording_change import WordingChange

__all__ = [
    "QUESTIONS_AFTER",
    "Announcement",
    "AskedChange",
    "Consultation",
    "Extension",
    "Milestone",
    "Question",
    "RoundVersion",
    "Theme",
    "ThemeKind",
    "WordingChange",
    "next_milestones",
]
