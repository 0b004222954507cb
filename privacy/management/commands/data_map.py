from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from privacy.data_map import DATA_MAP


class Command(BaseCommand):
    help = "Prints the data map as the table of docs/privacy.md, in English."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            self.stdout.write("| what | what for | ground | kept | seen by | where |")
            self.stdout.write("| --- | --- | --- | --- | --- | --- |")
            for entry in DATA_MAP:
                where = ", ".join(f"`{place}`" for place in entry.where)
                cells = (entry.what, entry.why, entry.ground, entry.kept(), entry.seen_by, where)
                self.stdout.write("| " + " | ".join(map(str, cells)) + " |")
