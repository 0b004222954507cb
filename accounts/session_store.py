"""Django's sessions in the database, by the hash of their key. SESSION_ENGINE names this module."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from accounts.models.session import MAX_BROWSER_CHARACTERS, WorkspaceSession
from wsis.sealing import hash_of

BROWSER = "browser"


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
            user_id=data.get("_auth_user_id"),
            browser=str(data.get(BROWSER, ""))[:MAX_BROWSER_CHARACTERS],
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            WorkspaceSession.objects.filter(session_key=hash_of(key)).delete()
