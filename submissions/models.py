"""What was sent. Drafts have a room of their own, drafts/models.py, and so has what follows, follow_up.py."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from submissions.admission.models import Admission, LateAccess
from submissions.contents import LONGEST_PARAGRAPH, Content, ProposedWording
from submissions.drafts.models import Draft, DraftContribution, DraftProposal, Reminder
from submissions.export.models import Export
from submissions.flags.models import Band, Campaign, Fingerprint, Flag, FlagSweep
from submissions.follow_up import KeptFigures, Mail, Record
from submissions.publication.models import PublicationDecision, Redaction
from submissions.respondent import (
    Consent,
    Respondent,
    StakeholderGroup,
    SubmittingAs,
    country_name,
    language_name,
)
from submissions.review.models import Highlight, Note, Review, SavedFilter, Tag
from submissions.trail.models import ContactView
from themes.models import Consultation, Theme

__all__ = [
    "Admission",
    "Band",
    "Campaign",
    "ContactView",
    "Contribution",
    "Draft",
    "DraftContribution",
    "DraftProposal",
    "EmailConfirmation",
    "Export",
    "Fingerprint",
    "Flag",
    "FlagSweep",
    "Highlight",
    "KeptFigures",
    "LateAccess",
    "LateAttempt",
    "Mail",
    "Note",
    "Proposal",
    "PublicationDecision",
    "Record",
    "Redaction",
    "Reminder",
    "Review",
    "SavedFilter",
    "Submission",
    "Tag",
    "Withdrawal",
]


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def standing(self) -> "SubmissionQuerySet":
        """What counts: the last version sent of each reference, unless it was withdrawn."""
        newer = Submission.objects.filter(reference=OuterRef("reference"), version__gt=OuterRef("version"))
        withdrawn = Withdrawal.objects.filter(reference=OuterRef("reference"))
        return self.filter(~Exists(newer), ~Exists(withdrawn))

    def standing_at(self, moment: datetime) -> "SubmissionQuerySet":
        """What counted at `moment`, whatever was sent or withdrawn from then on: what a record of that time holds."""
        earlier = Submission.objects.filter(reference=OuterRef("reference"), received_at__lt=moment)
        withdrawn = Withdrawal.objects.filter(reference=OuterRef("reference"), withdrawn_at__lt=moment)
        newer = earlier.filter(version__gt=OuterRef("version"))
        return self.filter(~Exists(newer), ~Exists(withdrawn), received_at__lt=moment)


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
    """What a submission says on one theme: a text, or proposed wording, or both (migration 0004 holds that)."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="contributions", verbose_name=_("submission")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="contributions", verbose_name=_("theme"))
    text = models.TextField(_("text"), blank=True)
    words = models.PositiveIntegerField(_("words"))
    own_consent = models.CharField(
        _("publication of this one"),
        max_length=10,
        choices=Consent,
        blank=True,
        help_text=_("Empty: as the whole submission."),
    )

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["submission", "theme__number"]
        # One theme across all submissions, the newest first: what drafters read.
        indexes = [models.Index(fields=["theme", "-id"], name="contribution_by_theme")]
        constraints = [
            models.UniqueConstraint(
                name="contribution_one_per_theme",
                fields=["submission", "theme"],
                violation_error_message=_("A submission has one text on each theme."),
            ),
            models.CheckConstraint(
                name="contribution_consent_is_known",
                condition=Q(own_consent__in=["", *Consent.values]),
                violation_error_message=_("Say whether and how this may be published."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.theme)

    @property
    def consent(self) -> str:
        """How this one may be published: by its own answer, or else by the submission's."""
        return self.own_consent or self.submission.consent

    @property
    def content(self) -> Content:
        rows = (ProposedWording(row.paragraph, row.wording, row.reason) for row in self.proposals.all())
        return Content(self.text, tuple(rows), self.own_consent)


class Proposal(models.Model):
    """Wording proposed for a numbered paragraph of the document, in a contribution."""

    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="proposals", verbose_name=_("contribution")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    paragraph = models.CharField(_("paragraph"), max_length=LONGEST_PARAGRAPH, blank=True)
    wording = models.TextField(_("proposed wording"), blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("proposed wording")
        verbose_name_plural = _("proposed wordings")
        ordering = ["contribution", "position"]
        constraints = [
            models.UniqueConstraint(
                name="proposal_positions_are_unique",
                fields=["contribution", "position"],
                violation_error_message=_("Another row has this position."),
            ),
            models.CheckConstraint(
                name="proposal_is_not_empty",
                condition=Q(paragraph__regex=r"\S") | Q(wording__regex=r"\S") | Q(reason__regex=r"\S"),
                violation_error_message=_("A row says something."),
            ),
        ]

    def __str__(self) -> str:
        return self.paragraph


class EmailConfirmation(models.Model):
    """Whether the address of a submission was shown to be its owner's. It counts without; the secretariat is told."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, related_name="email_confirmation", verbose_name=_("submission")
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("e-mail confirmation")
        verbose_name_plural = _("e-mail confirmations")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return str(self.submission)
