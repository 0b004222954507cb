"""Who is signed in to the workspace, from which browsers: Django's sessions, by the hash of their key.

SESSION_ENGINE names this module.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wsis.sealing import hash_of

MAX_BROWSER_CHARACTERS = 200
BROWSER = "browser"


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
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[WorkspaceSession]:
        return WorkspaceSession

    def _get_session_from_db(self) -> WorkspaceSession | None:
        key = self.session_key
        rows = WorkspaceSession.objects.filter(expire_date__gt=timezone.now())
        found = rows.filter(session_key=hash_of(key)).first() if key else None
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return WorkspaceSession.objects.filter(session_key=hash_of(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> WorkspaceSession:
        return WorkspaceSession(
            session_key=hash_of(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            browser=str(data.get(BROWSER, ""))[:MAX_BROWSER_CHARACTERS],
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            WorkspaceSession.objects.filter(session_key=hash_of(key)).delete()
