from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from themes.seed import seed


class Command(BaseCommand):
    help = "Seeds the consultation on the Elements Paper with its fifteen themes. What exists is left as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--historical",
            action="store_true",
            help="the window of 2025 as it was: to 15 July, extended on 9 July to 25 July",
        )

    def handle(self, *args: Any, historical: bool, **options: Any) -> None:
        consultation, is_new = seed(at=timezone.now(), historical=historical)
        done = "Seeded" if is_new else "Already there, left as it is:"
        self.stdout.write(f"{done} {consultation.title} (/{consultation.slug}/)")
