"""How a cutoff came to be another: what was announced, and what waits for a second person."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from themes import intake
from themes.models.consultation import Consultation
from themes.tracking import tracked
from wsis.one_line import OneLineField


@tracked()
class Extension(models.Model):
    """A recorded, public change of the cutoff."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("Moved")
        CLOSED_EARLY = "closed-early", _("Closed early")
        REOPENED = "reopened", _("Re-opened")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MOVED)
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="extensions", verbose_name=_("consultation")
    )
    previous_cutoff = models.DateTimeField(_("earlier deadline"))
    new_cutoff = models.DateTimeField(_("new deadline"))
    announced_at = models.DateTimeField(_("announced at"))
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("announced by")
    )
    reason = OneLineField(_("reason"), max_length=500, help_text=_("Shown to the public."))

    class Meta:
        verbose_name = _("change of the deadline")
        verbose_name_plural = _("changes of the deadline")
        ordering = ["announced_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="extension_changes_the_cutoff",
                condition=~models.Q(new_cutoff=models.F("previous_cutoff")),
                violation_error_message=_("The new deadline is the same as the present one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.previous_cutoff:%Y-%m-%d %H:%M} → {self.new_cutoff:%Y-%m-%d %H:%M} UTC"

    @property
    def announcement(self) -> str:
        """What the public is told of it in the reader's language: its announcement, or else the reason."""
        texts = {row.language: row.text for row in self.announcements.all()}
        return texts.get((get_language() or "").lower(), self.reason)


@tracked()
class Announcement(models.Model):
    """What the public is told of a change of the cutoff, in one of the site's languages."""

    extension = models.ForeignKey(
        Extension, models.CASCADE, related_name="announcements", verbose_name=_("change of the deadline")
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    text = models.TextField(_("announcement"))

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["extension", "language"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="announcement_once_a_language",
                fields=["extension", "language"],
                violation_error_message=_("There is an announcement in this language."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


@tracked()
class AskedChange(models.Model):
    """Closing early or re-opening, asked for by one and waiting for another: four eyes see it before the public does.

    It stands as long as it is neither done nor declined, for a day.
    """

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="asked_changes", verbose_name=_("consultation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Extension.Kind)
    new_cutoff = models.DateTimeField(_("new deadline"), null=True, blank=True)
    reason = OneLineField(_("reason"), max_length=500)
    announcements = models.JSONField(_("announcements"), default=dict, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), db_default=intake.DatabaseClock())
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    extension = models.OneToOneField(
        Extension, models.PROTECT, null=True, blank=True, related_name="asked_as", verbose_name=_("change")
    )

    class Meta:
        verbose_name = _("change that waits for a second person")
        verbose_name_plural = _("changes that wait for a second person")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="asked_change_answered_by_somebody_at_a_time",
                condition=models.Q(answered_by__isnull=True, answered_at__isnull=True, extension__isnull=True)
                | models.Q(answered_by__isnull=False, answered_at__isnull=False),
                violation_error_message=_("An answer has its time and its person."),
            ),
            models.CheckConstraint(
                name="asked_change_done_by_another",
                condition=models.Q(extension__isnull=True) | ~models.Q(answered_by=models.F("asked_by")),
                violation_error_message=_("Somebody else than the one who asked has to confirm it."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
