from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from submissions.review.trail import TrailDiffers, verify


class Command(BaseCommand):
    help = "Recomputes the chain of the trail. Ends with 0 when it is whole, else says the first difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint", nargs=2, metavar=("LINK", "SHA-256"), help="as the mail of a checkpoint gives them"
        )

    def handle(self, *args: Any, checkpoint: list[str] | None, **options: Any) -> None:
        if checkpoint and not checkpoint[0].isdecimal():
            raise CommandError(f"{checkpoint[0]} is no number of a link.")
        try:
            for sentence in verify((int(checkpoint[0]), checkpoint[1]) if checkpoint else None):
                self.stdout.write(sentence)
        except TrailDiffers as error:
            raise CommandError(str(error)) from error
