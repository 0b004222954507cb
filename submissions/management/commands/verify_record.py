from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from submissions.export.verification import RecordDiffers, verify
from submissions.models import Record
from themes.intake import DatabaseClock


class Command(BaseCommand):
    help = (
        "Recomputes a record against the database. Ends with 0 when they are the same, else says the first difference."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("consultation", help="the consultation's address; its latest record is taken")
        parser.add_argument("--file", type=Path, help="another copy of it, such as one that was downloaded")

    def handle(self, *args: Any, consultation: str, file: Path | None, **options: Any) -> None:
        record = (
            Record.objects.select_related("consultation")
            .filter(consultation__slug=consultation, written_at__isnull=False)
            .order_by("closed_at")
            .last()
        )
        if record is None:
            raise CommandError(f"There is no record of /{consultation}/ yet: it is written when intake has closed.")
        try:
            for sentence in verify(record, file.open("rb") if file else None):
                self.stdout.write(sentence)
        except (RecordDiffers, OSError) as error:
            raise CommandError(str(error)) from error
        if file is None:
            Record.objects.filter(pk=record.pk, sha256=record.sha256).update(verified_at=DatabaseClock())
