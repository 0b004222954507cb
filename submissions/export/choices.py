"""What can be chosen for an export: what a row is, for whom, which kind of file."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Layout(TextChoices):
    """What one row is."""

    CONTRIBUTIONS = "contributions", _("Contributions: one row for each text on an area")
    SUBMISSIONS = "submissions", _("Submissions: one row each, a column for each area")
    PROPOSALS = "proposals", _("Proposed wording: one row for each paragraph, in the document’s order")
    STAKEHOLDERS = "stakeholders", _("Stakeholders: who was heard, without texts")
    PASSAGES = "passages", _("Tagged passages: one row for each, by the code frame")


class Audience(TextChoices):
    """For whom it is, and so whom it names."""

    FULL = "full", _("With contact names and e-mail addresses")
    DESK = "desk", _("Without contact names and e-mail addresses")
    PUBLIC = "public", _("For the public: what the stakeholders’ consent allows, and nothing else")


class Format(TextChoices):
    """What kind of file it becomes."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (.xlsx)"
    JSON_LINES = "jsonl", "JSON Lines"
    DOCX = "docx", _("Word (.docx): what was written on one area, compiled for reading")


class Profile(TextChoices):
    """How a cell holds a text that a spreadsheet would run. Only CSV has the choice; the others say what is text."""

    SPREADSHEET = "spreadsheet", _("For spreadsheets: what could run as a formula has an apostrophe before it")
    VERBATIM = "verbatim", _("For programs: every text exactly as it was written")
