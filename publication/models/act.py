"""The act by which texts become public: asked for by one person, done by another, and taken back with a reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from themes.intake import DatabaseClock
from themes.models import Consultation
from themes.tracking import tracked


class Licence(models.TextChoices):
    """Under which terms others may use what is published; the values are SPDX's identifiers."""

    CC_BY = "CC-BY-4.0", "Creative Commons Attribution 4.0"
    CC_BY_IGO = "CC-BY-3.0-IGO", "Creative Commons Attribution 3.0 IGO"
    CC_BY_NC_SA_IGO = "CC-BY-NC-SA-3.0-IGO", "Creative Commons Attribution-NonCommercial-ShareAlike 3.0 IGO"
    CC0 = "CC0-1.0", "CC0 1.0 (public domain)"

    @property
    def url(self) -> str:
        return {
            Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
            Licence.CC_BY_IGO: "https://creativecommons.org/licenses/by/3.0/igo/",
            Licence.CC_BY_NC_SA_IGO: "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/",
            Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
        }[self]


@tracked()
class Publication(models.Model):
    """One batch of a round: the texts that may be public when it is confirmed and are in no earlier batch."""

    class Scope(models.TextChoices):
        ALLOWED = "allowed", _("All that its authors allow and nobody withholds")
        CLEARED = "cleared", _("Of these only what was checked and cleared")

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="publications", verbose_name=_("consultation")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    scope = models.CharField(_("what is published"), max_length=10, choices=Scope, default=Scope.ALLOWED)
    licence = models.CharField(_("licence"), max_length=24, choices=Licence)
    respond_by = models.DateField(
        _("response promised by"),
        null=True,
        blank=True,
        help_text=_("The public page says it, and also when the day has passed."),
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), db_default=DatabaseClock())
    # Of the texts that were shown to whoever asked: the second person confirms these and no others.
    content_sha256 = models.CharField(max_length=64)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    is_declined = models.BooleanField(_("declined"), default=False)
    # By the worker, in one transaction, when every text of it is drawn.
    published_at = models.DateTimeField(_("published at"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawal_reason = models.TextField(_("why it was withdrawn"), blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["consultation", "number"]
        default_permissions = ("add", "view")
        constraints = [
            models.UniqueConstraint(
                name="publication_numbers_are_unique",
                fields=["consultation", "number"],
                violation_error_message=_("There is a publication of this number."),
            ),
            models.UniqueConstraint(
                name="publication_one_at_a_time",
                fields=["consultation"],
                condition=Q(published_at__isnull=True, is_declined=False),
                violation_error_message=_("Another publication of this consultation waits for a second person."),
            ),
            models.CheckConstraint(
                name="publication_answered_by_another",
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, is_declined=False)
                | Q(answered_by__isnull=False, answered_at__isnull=False, is_declined=True)
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answered_by=models.F("asked_by"))),
                violation_error_message=_("Somebody else than the one who asked has to confirm it."),
            ),
            models.CheckConstraint(
                name="publication_is_published_once_confirmed",
                condition=Q(published_at__isnull=True) | Q(answered_at__isnull=False, is_declined=False),
                violation_error_message=_("Only what a second person confirmed is published."),
            ),
            models.CheckConstraint(
                name="publication_withdrawn_for_a_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(published_at__isnull=False, withdrawn_by__isnull=False, withdrawal_reason__regex=r"\S"),
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation.slug} {self.number}"

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has not answered yet."""
        return self.answered_at is None

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None
