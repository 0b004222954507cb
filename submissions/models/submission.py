"""What was sent: each sending with who it is from, and what is known about it beside its texts."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from submissions.models.draft import Draft
from submissions.models.respondent import (
    Consent,
    Respondent,
    StakeholderGroup,
    SubmittingAs,
    country_name,
    language_name,
)
from submissions.text.canonical import canonical_text
from submissions.text.content import Content
from themes.models import Consultation, Theme


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Which sendings count. Every list, count and export asks here."""

    def standing(self) -> "SubmissionQuerySet":
        """What counts: the last version sent of each reference, unless it was withdrawn."""
        return self.latest_versions().not_withdrawn()

    def latest_versions(self) -> "SubmissionQuerySet":
        """Without the versions that a later one has replaced."""
        return self.filter(~_is_replaced())

    def replaced(self) -> "SubmissionQuerySet":
        """The versions that a later one has replaced."""
        return self.filter(_is_replaced())

    def not_withdrawn(self) -> "SubmissionQuerySet":
        """Without any version of a reference that was withdrawn."""
        return self.filter(~_is_withdrawn())

    def withdrawn(self) -> "SubmissionQuerySet":
        """Every version of the references that were withdrawn."""
        return self.filter(_is_withdrawn())

    def standing_at(self, moment: datetime) -> "SubmissionQuerySet":
        """What counted at `moment`, whatever was sent or withdrawn from then on: what a record of that time holds."""
        earlier = Submission.objects.filter(reference=OuterRef("reference"), received_at__lt=moment)
        withdrawn = Withdrawal.objects.filter(reference=OuterRef("reference"), withdrawn_at__lt=moment)
        newer = earlier.filter(version__gt=OuterRef("version"))
        return self.filter(~Exists(newer), ~Exists(withdrawn), received_at__lt=moment)


def _is_replaced() -> Exists:
    return Exists(Submission.objects.filter(reference=OuterRef("reference"), version__gt=OuterRef("version")))


def _is_withdrawn() -> Exists:
    return Exists(Withdrawal.objects.filter(reference=OuterRef("reference")))


class Submission(Respondent):
    """One sending. Written by `sending/submit.py` alone and never changed: the database refuses it.

    Amending sends a new version under the same reference, which supersedes the one before; both are kept.
    """

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="submissions", verbose_name=_("consultation")
    )
    reference = models.CharField(_("reference"), max_length=14)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    # Made with the draft. A second try of the same sending meets this constraint, not a check.
    sending_key = models.UUIDField(_("sending key"), unique=True, default=uuid.uuid4, editable=False)
    # Stamped by PostgreSQL's clock, whatever the writer says (migrations/sql/guards.sql).
    received_at = models.DateTimeField(_("received at"), db_index=True)
    content_sha256 = models.CharField(_("SHA-256 of the canonical text"), max_length=64)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-received_at", "-pk"]
        permissions = [("see_contacts", _("Can see contact names and e-mail addresses"))]
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
    def contents(self) -> dict[Theme, Content]:
        """What was sent, in the themes' order."""
        rows = sorted(self.contributions.all(), key=lambda row: row.theme.number)
        return {row.theme: row.content for row in rows}

    @property
    def canonical_text(self) -> bytes:
        """The bytes behind `content_sha256`."""
        return canonical_text(
            reference=self.reference,
            version=self.version,
            consultation=self.consultation.slug,
            answers=self.answers(),
            contents=self.contents,
        )

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the stakeholder took its reference back. Asks the database each time."""
        return Withdrawal.objects.filter(reference=self.reference).exists()


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
    """A sending that PostgreSQL refused as too late, without its content: evidence for an extension.

    One, however often its button is pressed.
    """

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="late_attempts", verbose_name=_("consultation")
    )
    arrived_at = models.DateTimeField(_("arrived at"))
    byte_count = models.PositiveIntegerField(_("bytes"))
    # Empty for those that were noted before it was measured.
    waited_ms = models.PositiveIntegerField(
        _("waited (ms)"),
        null=True,
        blank=True,
        help_text=_("How long it had waited on our side before it was handled, in milliseconds."),
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    draft = models.ForeignKey(Draft, models.SET_NULL, related_name="+", null=True, editable=False)

    class Meta:
        verbose_name = _("late attempt")
        verbose_name_plural = _("late attempts")
        constraints = [
            models.UniqueConstraint(fields=["draft", "sha256"], name="late_attempt_once"),
        ]
        ordering = ["-arrived_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.arrived_at:%Y-%m-%d %H:%M:%S} UTC"


class EmailConfirmation(models.Model):
    """Whether the address of a submission was shown to be its owner's. It counts without; the secretariat is told."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, related_name="email_confirmation", verbose_name=_("submission")
    )
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("e-mail confirmation")
        verbose_name_plural = _("e-mail confirmations")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return str(self.submission)
