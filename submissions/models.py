"""What was sent, and what follows from it. Drafts have a room of their own: drafts/models.py."""

import uuid

from django.db import models
from django.db.models import Q
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
from themes.models import Consultation, Theme

__all__ = ["Contribution", "Draft", "DraftContribution", "Mail", "Record", "Submission"]


class Submission(Respondent):
    """What a stakeholder sent. Written by record.py alone and never changed: the database refuses it."""

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="submissions", verbose_name=_("consultation")
    )
    reference = models.CharField(_("reference"), max_length=14, unique=True)
    # Made with the draft. A second sending of the same draft meets this constraint, not a check.
    sending_key = models.UUIDField(_("sending key"), unique=True, default=uuid.uuid4, editable=False)
    # Stamped by PostgreSQL's clock, whatever the writer says (migration 0002).
    received_at = models.DateTimeField(_("received at"), db_index=True)
    content_sha256 = models.CharField(_("SHA-256 of the canonical text"), max_length=64)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-received_at", "-pk"]
        constraints = [
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
    """The complete set of submissions of a closed consultation: a file, counted and summed. closing.py writes it."""

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="records", verbose_name=_("consultation")
    )
    closed_at = models.DateTimeField(_("closed at"))
    written_at = models.DateTimeField(_("written at"))
    file = models.FileField(_("file"), max_length=250)
    submission_count = models.PositiveIntegerField(_("submissions"))
    row_count = models.PositiveIntegerField(_("rows"))
    byte_count = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

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
        ]

    def __str__(self) -> str:
        return self.file.name or ""
