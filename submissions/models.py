"""What was sent, and what follows from it. Drafts have a room of their own: drafts/models.py."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from submissions.drafts.models import Draft, DraftContribution
from submissions.respondent import (
    Consent,
    Respondent,
    StakeholderGroup,
    SubmittingAs,
    country_name,
    language_name,
)
from themes import intake
from themes.models import Consultation, Theme

__all__ = [
    "Contribution",
    "Draft",
    "DraftContribution",
    "LateAttempt",
    "Mail",
    "Record",
    "Submission",
    "Withdrawal",
]


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def standing(self) -> "SubmissionQuerySet":
        """What counts: the last version sent of each reference, unless it was withdrawn."""
        newer = Submission.objects.filter(reference=OuterRef("reference"), version__gt=OuterRef("version"))
        withdrawn = Withdrawal.objects.filter(reference=OuterRef("reference"))
        return self.filter(~Exists(newer), ~Exists(withdrawn))


class Submission(Respondent):
    """One sending. Written by record.py alone and never changed: the database refuses it.

    Amending sends a new version under the same reference, which supersedes the one before; both are kept.
    """

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="submissions", verbose_name=_("consultation")
    )
    reference = models.CharField(_("reference"), max_length=14)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    # Made with the draft. A second try of the same sending meets this constraint, not a check.
    sending_key = models.UUIDField(_("sending key"), unique=True, default=uuid.uuid4, editable=False)
    # Stamped by PostgreSQL's clock, whatever the writer says (migration 0002).
    received_at = models.DateTimeField(_("received at"), db_index=True)
    content_sha256 = models.CharField(_("SHA-256 of the canonical text"), max_length=64)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="submission_versions_are_unique",
                fields=["reference", "version"],
                violation_error_message=_("This version has been sent."),
            ),
            models.CheckConstraint(
                name="submission_says_as_whom",
                condition=Q(submitting_as__in=SubmittingAs.values),
                violation_error_message=_("Say as whom this is submitted."),
            ),
            models.CheckConstraint(
                name="submission_names_its_organisation",
                condition=Q(submitting_as="individual") | ~Q(organisation=""),
                violation_error_message=_("Name the organisation, delegation or coalition."),
            ),
            models.CheckConstraint(
                name="submission_names_its_group",
                condition=Q(stakeholder_group__in=StakeholderGroup.values),
                violation_error_message=_("Choose a stakeholder group."),
            ),
            models.CheckConstraint(
                name="submission_names_its_country",
                condition=~Q(country=""),
                violation_error_message=_("Choose a country or territory, or “Global / regional”."),
            ),
            models.CheckConstraint(
                name="submission_names_a_contact",
                condition=~Q(contact_name="") & ~Q(email=""),
                violation_error_message=_("Give a name and an e-mail address."),
            ),
            models.CheckConstraint(
                name="submission_says_how_it_may_be_published",
                condition=Q(consent__in=Consent.values),
                violation_error_message=_("Say whether and how this may be published."),
            ),
            models.CheckConstraint(
                name="submission_accepts_the_privacy_notice",
                condition=Q(has_accepted_privacy=True),
                violation_error_message=_("The privacy notice has to be accepted."),
            ),
        ]
        indexes = [
            models.Index(fields=["consultation", "-received_at", "-id"], name="submission_by_time"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def sender(self) -> str:
        """Who it comes from, as the secretariat names them."""
        return self.organisation or self.contact_name

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def language_name(self) -> str:
        return language_name(self.language)


class Withdrawal(models.Model):
    """A stakeholder took a submission back, all its versions. The fact is kept; its text is in no list or export."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="withdrawal", verbose_name=_("last version")
    )
    reference = models.CharField(_("reference"), max_length=14, unique=True)
    # Stamped by PostgreSQL's clock, like a sending.
    withdrawn_at = models.DateTimeField(_("withdrawn at"))

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-withdrawn_at", "-pk"]

    def __str__(self) -> str:
        return self.reference


class LateAttempt(models.Model):
    """A sending that PostgreSQL refused as too late, without its content: evidence for an extension."""

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="late_attempts", verbose_name=_("consultation")
    )
    arrived_at = models.DateTimeField(_("arrived at"))
    byte_count = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("late attempt")
        verbose_name_plural = _("late attempts")
        ordering = ["-arrived_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.arrived_at:%Y-%m-%d %H:%M:%S} UTC"


class Contribution(models.Model):
    """The text on one theme in a submission."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="contributions", verbose_name=_("submission")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="contributions", verbose_name=_("theme"))
    text = models.TextField(_("text"))
    words = models.PositiveIntegerField(_("words"))

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["submission", "theme__number"]
        constraints = [
            models.UniqueConstraint(
                name="contribution_one_per_theme",
                fields=["submission", "theme"],
                violation_error_message=_("A submission has one text on each theme."),
            ),
            models.CheckConstraint(
                name="contribution_is_not_empty",
                condition=Q(text__regex=r"\S"),
                violation_error_message=_("A contribution has a text."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.theme)


class Mail(models.Model):
    """The outbox: a mail to be sent, written in the same transaction as what it tells. outbox.py empties it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="mails", verbose_name=_("submission"))
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


class Record(models.Model):
    """The complete set of submissions of a closed consultation: a file, counted and summed. closing.py writes it.

    The row is made first, as the claim of the worker that writes the file: `leased_until` bounds how long it may
    take, `attempts` how often a file that kills its worker is tried. There is a file once `written_at` is set.
    A consultation that is re-opened and closes again gets another record; the superseded one is kept.
    """

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="records", verbose_name=_("consultation")
    )
    closed_at = models.DateTimeField(_("closed at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("leased until"))
    last_error = models.TextField(_("last error"), blank=True)
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
