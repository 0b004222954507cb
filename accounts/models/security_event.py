"""What happened at the workspace's door."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wsis.typography import label_value


class SecurityEvent(models.Model):
    """One attempt to come in, or one change of what lets somebody in. Kept for SECURITY_LOG_KEPT, then deleted."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed-in", _("Right password")
        WRONG_PASSWORD = "wrong-password", _("Wrong password")
        LOCKED_OUT = "locked-out", _("Locked out for a while")
        TOO_MANY = "too-many", _("Too many attempts from one network")
        RIGHT_CODE = "right-code", _("Right code")
        WRONG_CODE = "wrong-code", _("Wrong code")
        SECOND_FACTOR_SET_UP = "second-factor-set-up", _("Second factor set up")
        SECOND_FACTOR_RESET = "second-factor-reset", _("Second factor taken away")
        SIGNED_ON = "signed-on", _("Signed in through the organisation")
        SIGN_ON_REFUSED = "sign-on-refused", _("Refused, coming through the organisation")
        EMERGENCY = "emergency", _("The emergency account’s right password")
        SIGNED_OUT = "signed-out", _("Signed out")

    at = models.DateTimeField(_("at"), db_index=True)
    kind = models.CharField(_("what happened"), max_length=24, choices=Kind)
    # As it was typed: nobody may have this name.
    username = models.CharField(_("username"), max_length=150, blank=True)
    # A pseudonym under the server's secret: tells one network from another, and says neither (wsis/network.py).
    network = models.CharField(_("network"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return label_value(self.get_kind_display(), self.username)
