"""How a submission came in that the form did not take in time. Migration 0009 holds that nothing else passes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from themes.intake import DatabaseClock
from themes.models import Consultation
from themes.tracking import tracked
from wsis.one_line import OneLineEmailField, OneLineField


class Way(models.TextChoices):
    EMAIL = "email", _("By e-mail to the secretariat")
    PAPER = "paper", _("On paper")
    SESSION = "session", _("At a session or a meeting")
    OTHER = "other", _("In another way")
    LATE_LINK = "late-link", _("By a late-access link")


@tracked()
class LateAccess(models.Model):
    """One stakeholder may still send, once, until it expires. Its link is stored nowhere (drafts/late_access.py)."""

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="late_accesses", verbose_name=_("consultation")
    )
    for_whom = OneLineField(_("for whom"), max_length=250)
    email = OneLineEmailField(_("e-mail"), blank=True, help_text=_("The link is mailed there, if you give one."))
    reason = models.TextField(_("reason"), help_text=_("Why this one may send late. It stands in every export."))
    expires_at = models.DateTimeField(_("expires at"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given at"), db_default=DatabaseClock())
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("late-submission permission")
        verbose_name_plural = _("late-submission permissions")
        ordering = ["-given_at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="late_access_has_a_reason",
                condition=Q(reason__regex=r"\S"),
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return self.for_whom


@tracked()
class Admission(models.Model):
    """How a submission came in, why it was taken, and by whom. Written with it, and as final as it is."""

    submission = models.OneToOneField(
        "submissions.Submission", models.PROTECT, related_name="admission", verbose_name=_("submission")
    )
    way = models.CharField(_("how it came in"), max_length=10, choices=Way)
    reason = models.TextField(_("why it was taken"))
    reached_us_at = models.DateTimeField(_("reached the secretariat at"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    late_access = models.OneToOneField(
        LateAccess,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="admission",
        verbose_name=_("late-submission permission"),
    )
    # All three stamped by PostgreSQL (migrations/sql/admissions_in_time.sql).
    entered_at = models.DateTimeField(_("entered at"), db_default=DatabaseClock())
    # Whether it was entered after the deadline, and is held to the rules of an admission in the window's place. Rows of
    # earlier releases have none, and were late then.
    is_after_cutoff = models.BooleanField(_("entered after the deadline"), null=True, editable=False)
    is_late = models.BooleanField(_("reached the secretariat after the deadline"), default=False)

    class Meta:
        verbose_name = _("admission")
        verbose_name_plural = _("admissions")
        ordering = ["-entered_at", "-pk"]
        default_permissions = ()
        permissions = [("admit", _("Can enter on behalf of others and give late access"))]
        constraints = [
            models.CheckConstraint(
                name="admission_way_is_known",
                condition=Q(way__in=Way.values),
                violation_error_message=_("Say how it came in."),
            ),
            models.CheckConstraint(
                name="admission_has_a_reason",
                condition=Q(reason__regex=r"\S"),
                violation_error_message=_("Say why it is taken."),
            ),
            models.CheckConstraint(
                name="admission_by_link_or_by_somebody",
                condition=Q(way="late-link", late_access__isnull=False)
                | (~Q(way="late-link") & Q(late_access__isnull=True, entered_by__isnull=False)),
                violation_error_message=_("Somebody entered it, or a link let it in."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_way_display()
