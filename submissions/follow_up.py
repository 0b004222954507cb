"""What follows from what came in: mails to be sent, and the record of a closed consultation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.admission.models import LateAccess
from submissions.drafts.models import Draft
from themes import intake
from themes.models import Consultation


class Mail(models.Model):
    """The outbox: a mail to be sent, written in the same transaction as what it tells. outbox.py empties it."""

    submission = models.ForeignKey(
        "submissions.Submission",
        models.CASCADE,
        related_name="mails",
        verbose_name=_("submission"),
        null=True,
        blank=True,
    )
    # The text that waits here holds a mark in the place of a link, which is put in when it is sent.
    has_link = models.BooleanField(default=False, editable=False)
    # Whose private link that is.
    draft = models.ForeignKey(Draft, models.SET_NULL, related_name="+", null=True, blank=True, editable=False)
    # Or whose late-access link.
    late_access = models.ForeignKey(
        LateAccess, models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )
    recipient = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    message_id = models.CharField(_("Message-ID"), max_length=120, unique=True)
    queued_at = models.DateTimeField(_("queued at"))
    due_at = models.DateTimeField(_("next attempt at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    # It was sent, and another mail said that it did not arrive (bounces.py).
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    bounce = models.TextField(_("why it came back"), blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mail_is_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                violation_error_message=_("A mail that was sent has not failed."),
            ),
            models.CheckConstraint(
                name="mail_came_back_after_it_was_sent",
                condition=Q(bounced_at__isnull=True) | Q(sent_at__isnull=False),
                violation_error_message=_("Only a mail that was sent comes back."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="mail_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class KeptFigures(models.Model):
    """The consultation in figures, as the worker counted them last (figures.py): the front page counts nothing."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="+")
    as_of = models.DateTimeField()
    counted = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.consultation_id)


class Record(models.Model):
    """The complete set of submissions of a closed consultation: a file, counted and summed. closing.py writes it.

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
    file = models.FileField(_("file"), max_length=250, blank=True)
    submission_count = models.PositiveIntegerField(_("submissions"), default=0)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    byte_count = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

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
