"""Who somebody is at their organisation's OpenID provider."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationIdentity(models.Model):
    """One account, and the name that the provider alone gives and never gives again. An address may change hands."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account"))
    issuer = models.CharField(_("provider"), max_length=300)
    subject = models.CharField(_("name there"), max_length=255)

    class Meta:
        verbose_name = _("identity at the organisation")
        verbose_name_plural = _("identities at the organisation")
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="organisation_identity_once", fields=["issuer", "subject"])]

    def __str__(self) -> str:
        return f"{self.user}"
