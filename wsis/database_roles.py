"""Who may do what in the database: an owner that makes the tables, a role that runs, and a reader for exports.

What serves the public owns nothing (docs/adr/0016), so that whoever breaks into it can switch no guard off and change
nothing that is final. sql/roles.sql says what each may.
"""

from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg import sql

GRANTS = Path(__file__).resolve().parent / "sql" / "roles.sql"


def grant_rights(*, runtime: str, reader: str) -> bool:
    """Gives both roles what they may have, as the tables' owner. Repeatable; wanted after every migration.

    Returns:
        False when the runtime role is the owner itself, which no grant can bind; then nothing is changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(%s, relowner, 'USAGE') FROM pg_class WHERE oid = 'django_migrations'::regclass",
            [runtime],
        )
        if cursor.fetchone()[0]:
            return False
        grants = sql.SQL(GRANTS.read_text(encoding="utf-8")).format(
            runtime=sql.Identifier(runtime),
            runtime_name=sql.Literal(runtime),
            reader=sql.Identifier(reader),
            reader_name=sql.Literal(reader),
        )
        cursor.execute(grants.as_string(cursor.connection))
    return True


def runtime_role() -> str:
    """The role of web, worker and beat, as DATABASE_URL names it."""
    return settings.DATABASE_RUNTIME_ROLE


def reader_role() -> str:
    """The role that exports read a replica by, as DATABASE_REPLICA_URL names it; without a replica, the runtime's."""
    return str(settings.DATABASES["replica"]["USER"]) if "replica" in settings.DATABASES else runtime_role()
