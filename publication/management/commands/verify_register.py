"""Recomputes a consultation's register from its entries, and compares it with every checkpoint that was signed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from publication.register.checking import RegisterBroken, check_register
from themes.models import Consultation


class Command(BaseCommand):
    help = "Checks that the register holds every sending and withdrawal, and that its checkpoints are of these entries."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("consultation", help="the consultation's slug")
        parser.add_argument("--checkpoint", help="a file with a checkpoint from elsewhere, such as one that was kept")

    def handle(self, *args: Any, **options: Any) -> None:
        consultation = Consultation.objects.filter(slug=options["consultation"]).first()
        if consultation is None:
            raise CommandError(f"There is no consultation {options['consultation']!r}.")
        kept = Path(options["checkpoint"]).read_text(encoding="utf-8") if options["checkpoint"] else ""
        try:
            for sentence in check_register(consultation, kept=kept):
                self.stdout.write(sentence)
        except RegisterBroken as broken:
            raise CommandError(str(broken)) from broken
