import os
from argparse import ArgumentParser
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from wsis.database_roles import grant_rights, reader_role, runtime_role
from wsis.local.folder import LocalFolder
from wsis.local.stack import ADMIN


def collect_static() -> None:
    """Collects static files, if they are others than the last time: hashing and compressing them is half of a start."""
    known = Path(settings.LOCAL_DIR) / "static.sha256"
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    now = _digest_of_static_files()
    if collected.exists() and known.exists() and known.read_text() == now:
        return
    known.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    known.write_text(now)


def _digest_of_static_files() -> str:
    """Of their names and contents, and of what makes the collected ones of them."""
    # Relative, so that an install which was moved as a whole finds what it has.
    root = os.path.relpath(settings.STATIC_ROOT, settings.LOCAL_DIR)
    made_by = (settings.STORAGES["staticfiles"], root, version("whitenoise"))
    digest = sha256(repr(made_by).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            with storage.open(name) as file:
                digest.update(f"\0{name}\0".encode() + file.read())
    return digest.hexdigest()


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class Command(BaseCommand):
    help = "Makes an install ready to start: migrations, the consultation and its themes, static files. Repeatable."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--local-admin",
            action="store_true",
            help="also make the administrator whose password is in LOCAL_DIR",
        )

    def handle(self, *args: Any, local_admin: bool, **options: Any) -> None:
        # What it would say of a database that lacks nothing takes a second to find out.
        call_command("migrate", interactive=False, verbosity=1 if _has_pending_migrations() else 0)
        if not grant_rights(runtime=runtime_role(), reader=reader_role()):
            self.stderr.write(
                f"The role {runtime_role()} of DATABASE_URL owns the tables, so that it can switch the guards off. "
                "Give web, worker and beat a role of their own, and this command the owner's DATABASE_OWNER_URL."
            )
        call_command("set_retention")
        call_command("seed")
        collect_static()
        if local_admin:
            users = get_user_model()._default_manager
            if not users.filter(username=ADMIN).exists():
                password = LocalFolder(settings.LOCAL_DIR).key(f"{ADMIN}-password", length=16)
                users.create_superuser(username=ADMIN, email="", password=password)
