"""An export that somebody asked for: who, what, how far it is, and until when. export/jobs.py makes it."""

import uuid
from datetime import timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from submissions.models.review import SavedFilter
from themes.intake import DatabaseClock
from themes.models import Consultation, Theme
from themes.tracking import tracked
from wsis.one_line import OneLineField


class Layout(models.TextChoices):
    """What one row is."""

    CONTRIBUTIONS = "contributions", _("Contributions: one row for each text on an area")
    SUBMISSIONS = "submissions", _("Submissions: one row each, a column for each area")
    PROPOSALS = "proposals", _("Proposed wording: one row for each paragraph, in the document’s order")
    STAKEHOLDERS = "stakeholders", _("Stakeholders: who was heard, without texts")
    PASSAGES = "passages", _("Tagged passages: one row for each, by the code frame")
    TAGS = "tags", _("Tags of submissions: one row for each tag of each")
    TAG_COUNTS = "tag-counts", _("Counts: one row for each tag, area and stakeholder group")


class Audience(models.TextChoices):
    """For whom it is, and so whom it names."""

    FULL = "full", _("With contact names and e-mail addresses")
    WORKSPACE = "workspace", _("Without contact names and e-mail addresses")
    PUBLIC = "public", _("For the public: what the stakeholders’ consent allows, and nothing else")


class Format(models.TextChoices):
    """What kind of file it becomes."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (.xlsx)"
    JSON_LINES = "jsonl", "JSON Lines"
    DOCX = "docx", _("Word (.docx): a compilation to read and to draft from")
    HTML = "html", _("Web page (.html): the same compilation, for any browser")


class Profile(models.TextChoices):
    """How a cell holds a text that a spreadsheet would run. Only CSV has the choice; the others say what is text."""

    SPREADSHEET = "spreadsheet", _("For spreadsheets: what could run as a formula has an apostrophe before it")
    SEMICOLONS = "semicolons", _("The same with semicolons between cells, for spreadsheets that expect them")
    VERBATIM = "verbatim", _("For programs: every text exactly as it was written")


@tracked(
    pghistory.InsertEvent(),
    model_name="ExportEvent",
    fields=["consultation", "requested_by", "layout", "format", "audience", "theme", "areas", "filters_in_words"],
)
class Export(models.Model):
    """A row from the asking on. There is a file to download in one state alone, and the database holds that."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "Waiting")
        RUNNING = "running", _("Being written")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    class Failure(models.TextChoices):
        """Why it failed, and what to do."""

        DISK_FULL = "disk-full", _("The disk that exports are written to is full. Free some room, then ask again.")
        DATABASE_FULL = (
            "database-full",
            _("The database’s disk has no room to sort so much. Free some room, or choose fewer rows, then ask again."),
        )
        DATABASE_AWAY = (
            "database-away",
            _("The database connection failed several times. Request the export again when it is back."),
        )
        STORAGE = "storage", _("The place where exports are kept took no file. See the detail below, then ask again.")
        FORBIDDEN = "forbidden", _("Whoever asked for it may no longer have it.")
        FILTERS = "filters", _("The list’s filters are no longer understood. Filter the list anew, then ask again.")
        DIED = (
            "died",
            _(
                "The background worker was stopped each time it wrote this: not enough memory, or more "
                "than half an hour."
            ),
        )
        UNEXPECTED = "unexpected", _("An unexpected error occurred. See the worker’s log for details.")

    # The folder of its files: nobody guesses it, and no two exports share one.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    # Stays when the account is gone.
    requested_by_name = OneLineField(_("asked for by"), max_length=150)
    requested_at = models.DateTimeField(_("asked for at"), db_default=DatabaseClock())
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+", verbose_name=_("consultation"))
    layout = models.CharField(_("what each row holds"), max_length=20, choices=Layout, default=Layout.CONTRIBUTIONS)
    # By their ids; None for all of them, so that what the trail says of earlier exports stays as it was hashed.
    areas = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("areas"),
        null=True,
        blank=True,
        help_text=_("Only what was written on these. None chosen: on all."),
    )
    # Of an earlier release, which took one area. The trail's rows hold it.
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", null=True, blank=True, editable=False)
    format = models.CharField(_("file"), max_length=10, choices=Format, default=Format.CSV)
    profile = models.CharField(_("texts in a CSV"), max_length=20, choices=Profile, default=Profile.SPREADSHEET)
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience, default=Audience.WORKSPACE)
    with_set_aside = models.BooleanField(
        _("also what was set aside"),
        default=False,
        db_default=False,
        help_text=_("In a compilation, marked so. Tables have it always, with its state; the public never reads it."),
    )
    with_notes = models.BooleanField(_("with the colleagues’ notes"), default=False, db_default=False)
    of = models.CharField(
        _("list"),
        max_length=12,
        choices=SavedFilter.Of,
        default=SavedFilter.Of.SUBMISSIONS,
        db_default=SavedFilter.Of.SUBMISSIONS,
    )
    # As the list's address has them, so that the same code reads them; and as a person would say them.
    filters = models.TextField(_("filters"), blank=True)
    filters_in_words = models.TextField(_("filters"), blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt at"), db_default=DatabaseClock())
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)
    rows_done = models.PositiveBigIntegerField(_("rows written"), default=0)
    rows_total = models.PositiveBigIntegerField(_("rows in all"), null=True)
    # What was withdrawn when it was read: one more since, and the file is no longer given out.
    withdrawals_seen = models.PositiveIntegerField(default=0, editable=False)
    # The same of what was held back from the public: bars that were drawn, and texts that were withheld.
    holds_seen = models.PositiveIntegerField(default=0, editable=False)
    file = models.FileField(_("file"), max_length=250, blank=True)
    byte_count = models.PositiveBigIntegerField(_("bytes"), default=0)
    long_cells = models.PositiveIntegerField(_("texts longer than a cell"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    failure = models.CharField(_("why it failed"), max_length=20, choices=Failure, blank=True)
    error = models.TextField(_("detail"), blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_is_whole_when_ready",
                condition=~Q(state="done")
                | (~Q(file="") & ~Q(sha256="") & Q(finished_at__isnull=False, expires_at__isnull=False)),
                violation_error_message=_("An export that is ready has a file, its sum, and an end."),
            ),
            models.CheckConstraint(
                name="export_has_no_file_before",
                condition=Q(state__in=["done", "expired"]) | Q(file=""),
                violation_error_message=_("Half a file is never offered."),
            ),
            models.CheckConstraint(
                name="export_failed_for_a_reason",
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
                violation_error_message=_("A failure says why."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="export_waiting", condition=Q(state__in=["waiting", "running"])),
        ]

    def __str__(self) -> str:
        return f"{self.get_layout_display()} · {self.get_format_display()}"

    def chosen_areas(self) -> tuple[Theme, ...]:
        """Only what was written on these; none for all of them."""
        return tuple(Theme.objects.filter(pk__in=self.areas).select_related("consultation")) if self.areas else ()

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def duration(self) -> timedelta | None:
        """From the start of the attempt that made it to its end."""
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None

    @property
    def percent(self) -> int | None:
        """How far it is, in whole percent; None while nobody knows how many rows there are."""
        if self.rows_total is None:
            return None
        return 100 if not self.rows_total else min(100, self.rows_done * 100 // self.rows_total)

    def stored_name(self, attempt: int) -> str:
        """Where an attempt stores its file: never where another one did."""
        return f"exports/{self.key}/{attempt}.{self.format}"

    def again(self, by: Any) -> "Export":
        """The same, asked for anew."""
        return Export(
            requested_by=by,
            requested_by_name=by.get_username(),
            **{
                name: getattr(self, name)
                for name in (
                    *("consultation", "layout", "areas", "format", "profile", "audience"),
                    *("with_set_aside", "with_notes"),
                    *("of", "filters", "filters_in_words"),
                )
            },
        )
