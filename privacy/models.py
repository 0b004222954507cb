"""How long personal data is kept, and what people ask about theirs."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from themes.intake import DatabaseClock
from themes.tracking import tracked
from wsis.one_line import OneLineEmailField, OneLineField
from wsis.typography import label_value


class Retention(models.Model):
    """One kind of data that a sweep removes, how long it is kept, and what the sweep did so far."""

    class Kind(models.TextChoices):
        DRAFTS = "drafts", _("Drafts, after the deadline")
        CONTACTS = "contacts", _("Names and addresses of those who sent, after the deadline")
        MAILS = "mails", _("E-mails")
        EXPORTS = "exports", _("Files of exports")
        CONTACT_VIEWS = "contact-views", _("Who was shown names and addresses")
        TRAIL = "trail", _("Changes in the workspace")
        SECURITY_LOG = "security-log", _("Security log")
        SESSIONS = "sessions", _("Sessions that are over")

    kind = models.CharField(_("what"), max_length=16, choices=Kind, unique=True)
    days = models.PositiveIntegerField(_("kept for days"))
    swept_at = models.DateTimeField(_("last looked at"), null=True)
    removed = models.PositiveBigIntegerField(_("removed so far"), default=0)

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ["pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.get_kind_display()


@tracked(exclude=["new_name", "new_email", "identified_by"])
class PersonalDataRequest(models.Model):
    """A person wants to know, to correct or to be erased. One colleague writes it down, and another approves it.

    Approved, whoever runs the install carries it out (`manage.py personal_data`): what was sent is final for everybody
    else, the workspace included.
    """

    class Kind(models.TextChoices):
        SEE = "see", _("See what is held")
        CORRECT = "correct", _("Correct name or address")
        ERASE_CONTACTS = "contacts", _("Erase name and address")
        ERASE_TEXTS = "texts", _("Erase name, address and texts")

    kind = models.CharField(_("what they want"), max_length=10, choices=Kind)
    reference = models.CharField(_("reference"), max_length=14)
    identified_by = models.TextField(
        _("how they showed who they are"), help_text=_("For instance: an answer from the confirmed address.")
    )
    new_name = OneLineField(_("name as it should be"), max_length=200, blank=True)
    new_email = OneLineEmailField(_("address as it should be"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written down by")
    )
    asked_at = models.DateTimeField(_("written down at"), db_default=DatabaseClock())
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    is_approved = models.BooleanField(_("approved"), default=False)
    done_at = models.DateTimeField(_("carried out at"), null=True)

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("answer_requests", _("Can write down and answer requests about personal data"))]
        constraints = [
            models.CheckConstraint(
                name="request_is_approved_by_another",
                condition=Q(answered_by__isnull=True) | Q(is_approved=False) | ~Q(answered_by=F("asked_by")),
                violation_error_message=_("A second person approves it."),
            ),
            models.CheckConstraint(
                name="request_is_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, is_approved=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                violation_error_message=_("An answer is somebody’s."),
            ),
            models.CheckConstraint(
                name="request_is_carried_out_when_approved",
                condition=Q(done_at__isnull=True) | Q(is_approved=True),
                violation_error_message=_("Only what was approved is carried out."),
            ),
            models.CheckConstraint(
                name="request_to_correct_says_what",
                condition=~Q(kind="correct") | ~Q(new_name="", new_email=""),
                violation_error_message=_("Give the name or the address as it should be."),
            ),
        ]

    def __str__(self) -> str:
        return label_value(self.get_kind_display(), self.reference)
