import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wsis.local.account import AccountError
from wsis.local.folder import LocalFolder
from wsis.local.postgres import PostgresError
from wsis.local.stack import Stack, StackError
from wsis.local.valkey import ValkeyError


class Command(BaseCommand):
    help = "Starts PostgreSQL, Valkey, web, worker and beat on this machine, and says where to go. Ctrl-C stops all."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="the first port to try")
        parser.add_argument(
            "--stop-with-parent", action="store_true", help="stop when the process that started this one ends"
        )

    def handle(self, *args: Any, port: int, stop_with_parent: bool, **options: Any) -> None:
        stack = Stack(
            base=settings.BASE_DIR,
            folder=LocalFolder(settings.LOCAL_DIR),
            port=port,
            public_url=settings.PUBLIC_URL if settings.IS_PUBLIC_URL_GIVEN else None,
            embed_postgres=settings.IS_DATABASE_EMBEDDED,
            embed_valkey=settings.IS_REDIS_EMBEDDED,
            out=sys.stdout,
        )
        try:
            stack.run(parent=os.getppid() if stop_with_parent else None)
        except (AccountError, PostgresError, StackError, ValkeyError) as error:
            raise CommandError(str(error)) from error
