"""The record of a closed consultation: when it is due, what became of it, and its file."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from themes import intake
from themes.models import Consultation


class Record(models.Model):
    """All submissions of a closed consultation in one file, with counts and digests. export/records.py writes it.

    The row is made first: `due_at` says when the next attempt is due, none if it was given up; `attempts` how many
    there were, of as many as are allowed. There is a file once `written_at` is set.
    A consultation that is re-opened and closes again gets another record; the superseded one is kept.
    """

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="records", verbose_name=_("consultation")
    )
    closed_at = models.DateTimeField(_("closed at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Six hours and some minutes of them: a night with a full disk costs nothing but the hour.
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts allowed"), default=12)
    due_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    # What came too late is counted until then, so that the count can be made again.
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)
    # `manage.py verify_record` has found the stored file to be what the database says.
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    file = models.FileField(_("file"), max_length=250, blank=True)
    submission_count = models.PositiveIntegerField(_("submissions"), default=0)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    byte_count = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    # Names of the files in it that other apps added (signals.py).
    added_files = ArrayField(models.TextField(), default=list, db_default=[], blank=True, editable=False)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["-closed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="record_one_per_closing",
                fields=["consultation", "closed_at"],
                violation_error_message=_("This closing has its record."),
            ),
            models.CheckConstraint(
                name="record_written_with_file_and_sum",
                condition=Q(written_at__isnull=True, file="", sha256="")
                | (Q(written_at__isnull=False) & ~Q(file="") & ~Q(sha256="")),
                violation_error_message=_("A written record has a file and its sum."),
            ),
        ]

    def __str__(self) -> str:
        return self.file.name or str(_("not written yet"))

    @property
    def is_superseded(self) -> bool:
        """Whether the consultation was re-opened after this closing."""
        return not intake.is_present_closing(self.consultation, self.closed_at)
