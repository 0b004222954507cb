from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from wsis.database_roles import grant_rights, reader_role, runtime_role
from wsis.local.folder import LocalFolder
from wsis.local.stack import ADMIN


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
        call_command("migrate", interactive=False, verbosity=1)
        if not grant_rights(runtime=runtime_role(), reader=reader_role()):
            self.stderr.write(
                f"The role {runtime_role()} of DATABASE_URL owns the tables, so that it can switch the guards off. "
                "Give web, worker and beat a role of their own, and this command the owner's DATABASE_OWNER_URL."
            )
        call_command("seed")
        call_command("collectstatic", interactive=False, verbosity=0)
        if local_admin:
            users = get_user_model()._default_manager
            if not users.filter(username=ADMIN).exists():
                password = LocalFolder(settings.LOCAL_DIR).key(f"{ADMIN}-password", length=16)
                users.create_superuser(username=ADMIN, email="", password=password)
