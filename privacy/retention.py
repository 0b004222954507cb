"""The sweep that removes what was kept long enough. docs/privacy.md says what that is, and for how long.

What is final, the database's own function removes (migrations/sql/retention.sql); drafts, files of exports and the
security log have their sweeps where they live.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from psycopg import sql

from accounts import security_log
from accounts.models import WorkspaceSession
from privacy.models import Retention
from submissions.drafts import retention as drafts
from submissions.export import access
from submissions.models import Mail
from themes.intake import DatabaseClock, database_now

logger = logging.getLogger(__name__)

Kind = Retention.Kind
# The database's function asks for these; a change of a setting is a change of that function.
FINAL = (Kind.CONTACTS, Kind.CONTACT_VIEWS, Kind.TRAIL)


def periods() -> dict[Retention.Kind, timedelta]:
    return {
        Kind.DRAFTS: settings.DRAFTS_KEPT,
        Kind.CONTACTS: settings.CONTACTS_KEPT,
        Kind.MAILS: settings.MAILS_KEPT,
        Kind.EXPORTS: settings.EXPORTS_KEPT,
        Kind.CONTACT_VIEWS: settings.CONTACT_VIEWS_KEPT,
        Kind.TRAIL: settings.TRAIL_KEPT,
        Kind.SECURITY_LOG: settings.SECURITY_LOG_KEPT,
        Kind.SESSIONS: timedelta(0),
    }


def set_periods() -> None:
    """Writes the settings' periods into the database, as the tables' owner. Repeatable."""
    kept = periods()
    cases = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN interval {}").format(sql.Literal(kind.value), sql.Literal(f"{kept[kind].days} days"))
        for kind in FINAL
    )
    function = "CREATE OR REPLACE FUNCTION privacy_kept(which text) RETURNS interval LANGUAGE sql IMMUTABLE"
    with connection.cursor() as cursor:
        statement = sql.SQL("{} RETURN CASE which {} END").format(sql.SQL(function), cases)
        cursor.execute(statement.as_string(cursor.connection))
    for kind, period in kept.items():
        Retention.objects.update_or_create(kind=kind, defaults={"days": period.days})


def sweep() -> dict[str, int]:
    """Removes what was kept long enough. Twice is once; of a kind that fails, the others are removed all the same.

    Returns:
        How much was removed, by kind.
    """
    removed = {}
    for kind, remove in _SWEEPS.items():
        try:
            removed[kind.value] = remove()
        except Exception:
            logger.exception("retention: %s", kind.value)
            connection.close_if_unusable_or_obsolete()
            continue
        Retention.objects.filter(kind=kind).update(swept_at=DatabaseClock(), removed=F("removed") + removed[kind.value])
    return removed


def _remove_mails() -> int:
    """Those that were sent or given up: what waits, waits."""
    settled = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)
    outdated = Mail.objects.filter(settled, queued_at__lte=database_now() - settings.MAILS_KEPT)
    return int(outdated.delete()[0])


def _remove_sessions() -> int:
    return int(WorkspaceSession.objects.filter(expire_date__lte=database_now()).delete()[0])


def _remove_final(kind: Retention.Kind) -> Callable[[], int]:
    def remove() -> int:
        total = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute("SELECT privacy_remove_outdated(%s)", [kind.value])
                removed = int(cursor.fetchone()[0])
            total += removed
            if kind is not Kind.CONTACTS or not removed:
                return total

    return remove


_SWEEPS: dict[Retention.Kind, Callable[[], int]] = {
    Kind.DRAFTS: drafts.delete_outdated_drafts,
    **{kind: _remove_final(kind) for kind in FINAL},
    Kind.MAILS: _remove_mails,
    Kind.EXPORTS: access.remove_expired,
    Kind.SECURITY_LOG: security_log.delete_outdated,
    Kind.SESSIONS: _remove_sessions,
}
