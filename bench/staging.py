"""PostgreSQL in a temporary folder with our tables, for the benches; gone when they end."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wsis.local.folder import OWNER, LocalFolder
from wsis.local.servers import Servers


@contextmanager
def database() -> Iterator[None]:
    """Sets the environment, so that Django is set up inside and not before; seeds the consultation."""
    with tempfile.TemporaryDirectory(prefix="wsis-bench-") as built:
        folder = LocalFolder(Path(built))
        os.environ |= {
            "LOCAL_DIR": built,
            "SECRET_KEY": "only-for-a-bench",
            "DJANGO_SETTINGS_MODULE": "wsis.settings",
            "PUBLIC_URL": "http://localhost",
        }
        postgres = Servers(folder).start_postgres()[0]
        try:
            os.environ["DATABASE_URL"] = folder.database_url(OWNER)
            os.environ["REDIS_URL"] = "redis://localhost:1"
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            call_command("seed", verbosity=0)
            yield
        finally:
            from django.db import connections

            connections.close_all()
            postgres.stop()
