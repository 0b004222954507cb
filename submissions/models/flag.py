"""Flags on submissions, and what near-identical texts are found by."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from themes.intake import DatabaseClock
from themes.models import Consultation
from themes.tracking import tracked
from wsis.typography import label_value


# What people say of a flag; raising them is the worker's, and counted nowhere.
@tracked(pghistory.UpdateEvent())
class Flag(models.Model):
    """Something about a submission to be looked at twice. review/flags/sweep.py raises it and takes it down."""

    class Kind(models.TextChoices):
        SAME_ORGANISATION = "same-organisation", _("Same organisation twice")
        SAME_EMAIL = "same-email", _("Same e-mail twice")
        ALIKE = "alike", _("Near-identical text")
        UNCONFIRMED = "unconfirmed", _("E-mail not confirmed for a day")
        BOUNCED = "bounced", _("E-mail came back")
        LATE = "late", _("Came in late")
        SHORT = "short", _("Very short")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+", verbose_name=_("consultation"))
    reference = models.CharField(_("reference"), max_length=14)
    kind = models.CharField(_("flag"), max_length=20, choices=Kind)
    raised_at = models.DateTimeField(_("raised at"), db_default=DatabaseClock())
    # Looked at and found in order: it is not raised again.
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dismissed by"),
    )

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["-raised_at", "-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["kind", "dismissed_at"], name="flag_by_kind")]
        constraints = [
            models.UniqueConstraint(
                name="flag_once_of_a_kind",
                fields=["reference", "kind"],
                violation_error_message=_("This flag is there."),
            ),
            models.CheckConstraint(
                name="flag_dismissed_by_somebody_at_a_time",
                condition=Q(dismissed_by__isnull=True) | Q(dismissed_at__isnull=False),
                violation_error_message=_("A flag is dismissed at a time."),
            ),
        ]

    def __str__(self) -> str:
        return label_value(self.reference, self.get_kind_display())


class Fingerprint(models.Model):
    """A text's MinHash signature (review/flags/minhash.py), and the group of near-identical texts it is in."""

    contribution = models.OneToOneField(
        "submissions.Contribution", models.CASCADE, primary_key=True, related_name="fingerprint"
    )
    form = models.PositiveSmallIntegerField()
    # Empty where the text is too short to be told from others.
    signature = models.BinaryField()
    # Of what was compared, so that the same to the letter is counted as one.
    text_sha256 = models.CharField(max_length=64)
    # The contribution with which the group began; a text that is like no other is a group of its own.
    group = models.BigIntegerField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.contribution_id)


class Band(models.Model):
    """The first text that had this band in its signature: whoever has it too is compared with that one."""

    key = models.BigIntegerField(primary_key=True)
    contribution = models.ForeignKey("submissions.Contribution", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key:x}"


class Campaign(models.Model):
    """Near-identical texts that came under more than one reference, counted: as many submissions as were sent.

    Counted anew by every sweep that finds something new. Nothing is merged and nothing is deleted.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+", verbose_name=_("consultation"))
    group = models.BigIntegerField(unique=True, editable=False)
    submissions = models.PositiveIntegerField(_("submissions"))
    texts = models.PositiveIntegerField(_("distinct texts"))
    organisations = models.PositiveIntegerField(_("organisations"))
    countries = models.PositiveIntegerField(_("countries"))
    first_at = models.DateTimeField(_("first received at"))
    last_at = models.DateTimeField(_("last received at"))

    class Meta:
        verbose_name = _("group of near-identical texts")
        verbose_name_plural = _("near-identical texts")
        ordering = ["-submissions", "group"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.group)


class FlagSweep(models.Model):
    """What the last sweep of a consultation saw: while nothing of it changes, there is nothing to find."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="+")
    seen = models.CharField(max_length=200)
    swept_at = models.DateTimeField(db_default=DatabaseClock())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.seen
