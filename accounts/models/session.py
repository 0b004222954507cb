"""Who is signed in to the workspace, from which browsers."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_BROWSER_CHARACTERS = 200


class WorkspaceSession(AbstractBaseSession):
    """One browser that is signed in. Of its key the hash alone is kept: a copy of the table lets nobody in."""

    session_key = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    browser = models.CharField(_("browser"), max_length=MAX_BROWSER_CHARACTERS, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.session_store import SessionStore  # noqa: PLC0415 - which imports this model

        return SessionStore
