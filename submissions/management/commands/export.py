import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from submissions.export.pg_copy import snapshot
from submissions.export.sink import Written, quiet
from submissions.export.spec import ExportSpec
from submissions.export.table import LayoutNotOffered
from submissions.models import Audience, Format, Layout, Profile, Submission
from themes.models import Consultation


class Command(BaseCommand):
    help = "Exports what counts of a consultation to a file, or to standard output as `--to -`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("consultation", help="the consultation's address")
        parser.add_argument("--layout", choices=Layout.values, default=Layout.CONTRIBUTIONS.value)
        parser.add_argument("--format", choices=Format.values, default=Format.CSV.value)
        parser.add_argument("--profile", choices=Profile.values, default=Profile.SPREADSHEET.value)
        parser.add_argument("--audience", choices=Audience.values, default=Audience.WORKSPACE.value)
        parser.add_argument(
            "--area", type=int, action="append", default=[], help="only what was written on the area of this number"
        )
        parser.add_argument("--with-set-aside", action="store_true", help="in a compilation, too, and marked so")
        parser.add_argument("--with-notes", action="store_true", help="the colleagues' notes in a column")
        parser.add_argument("--to", help="a file, which must not be there yet, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        consultation = Consultation.objects.filter(slug=options["consultation"]).first()
        if consultation is None:
            raise CommandError(f"There is no consultation at /{options['consultation']}/.")
        areas = tuple(consultation.themes.filter(number__in=options["area"]))
        if missing := set(options["area"]) - {area.number for area in areas}:
            raise CommandError(f"{consultation} has no area {min(missing)}.")
        try:
            spec = ExportSpec(
                consultation=consultation,
                layout=Layout(options["layout"]),
                format=Format(options["format"]),
                profile=Profile(options["profile"]),
                audience=Audience(options["audience"]),
                areas=areas,
                with_set_aside=options["with_set_aside"],
                with_notes=options["with_notes"],
            )
        except LayoutNotOffered as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["to"] == "-":
            self._tell(_write(spec, sys.stdout.buffer), "standard output")
            return
        path = Path(options["to"] or spec.file_name(timezone.now()))
        if path.exists():
            raise CommandError(f"{path} is there already, and is not written over.")
        # It gets its name when it is whole: a file that was cut off is not taken for an export.
        growing = path.with_name(f".{path.name}.part")
        try:
            with growing.open("wb") as file:
                growing.chmod(0o600)
                written = _write(spec, file)
            growing.rename(path)
        except OSError as error:
            raise CommandError(f"{path} was not written: {error}") from error
        finally:
            growing.unlink(missing_ok=True)
        self._tell(written, str(path))

    def _tell(self, written: Written, where: str) -> None:
        self.stderr.write(f"{where}: {written.rows} rows, {written.bytes} bytes, SHA-256 {written.sha256}")
        if written.long_cells:
            self.stderr.write(
                f"{written.long_cells} texts are longer than a spreadsheet's cell holds. A CSV has them whole, and the "
                "spreadsheet that opens it cuts them; in a workbook the sheet “Long texts” has them."
            )


def _write(spec: ExportSpec, to: Any) -> Written:
    with snapshot(spec.reads_from) as connection:
        return spec.write(Submission.objects.standing(), cast(BinaryIO, to), connection, progress=quiet)
