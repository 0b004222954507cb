"""What somebody wants out: one choice of rows, columns and file, which the admin, the worker and the command share."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from submissions.export.compilation import write_compilation
from submissions.export.compilation_cells import compilation
from submissions.export.formats import write
from submissions.export.layouts import table
from submissions.export.pg_copy import count_rows
from submissions.export.sink import Progress, Written
from submissions.export.table import LayoutNotOffered, Table
from submissions.models import Audience, Format, Layout, Profile, Submission
from themes.models import Consultation, Theme

CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON_LINES: "application/jsonl; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class ExportSpec:
    """An export as it was chosen.

    Raises:
        NotOffered: the choices do not go together, or would say more than this audience may read.
    """

    consultation: Consultation
    layout: Layout
    format: Format
    profile: Profile
    audience: Audience
    theme: Theme | None = None
    with_set_aside: bool = False
    with_notes: bool = False

    def __post_init__(self) -> None:
        if self.theme is not None and self.theme.consultation_id != self.consultation.pk:
            raise LayoutNotOffered(_("This area belongs to another consultation."))
        if self.format is Format.DOCX and (self.layout is not Layout.CONTRIBUTIONS or self.theme is None):
            raise LayoutNotOffered(
                _("A Word file compiles the contributions on one area: choose contributions and an area.")
            )
        if self.theme is not None and self.layout in {Layout.SUBMISSIONS, Layout.STAKEHOLDERS}:
            raise LayoutNotOffered(_("A row of this layout is about all areas: leave the area empty."))
        if self.with_set_aside and self.audience is Audience.PUBLIC:
            raise LayoutNotOffered(_("What was set aside is not for the public."))
        if self.with_notes and self.audience is Audience.PUBLIC:
            raise LayoutNotOffered(_("The colleagues’ notes are not for the public."))
        self.table(Submission.objects.none())

    @property
    def reads_from(self) -> str | None:
        """Which database. What the public may read is asked where it is decided: a replica may not know yet what was
        held back or withdrawn. None leaves it to the settings."""
        return "default" if self.audience is Audience.PUBLIC else None

    def table(self, submissions: QuerySet[Submission]) -> Table:
        if self.format is Format.DOCX and self.theme is not None:
            return compilation(
                submissions, theme=self.theme, audience=self.audience, with_set_aside=self.with_set_aside
            )
        return table(
            self.layout,
            submissions,
            consultation=self.consultation,
            audience=self.audience,
            theme=self.theme,
            with_review=True,
            with_notes=self.with_notes,
        )

    def count(self, submissions: QuerySet[Submission], connection: BaseDatabaseWrapper) -> int:
        """How many rows it will have, in the snapshot that it is written from."""
        return count_rows(self.table(submissions), connection)[()]

    def write(
        self, submissions: QuerySet[Submission], to: BinaryIO, connection: BaseDatabaseWrapper, *, progress: Progress
    ) -> Written:
        table_ = self.table(submissions)
        if self.format is Format.DOCX and self.theme is not None:
            return write_compilation(table_, self.theme, to, connection, progress=progress)
        return write(table_, to, connection, format=self.format, profile=self.profile, progress=progress)

    def file_name(self, at: datetime) -> str:
        """It says the choice: whoever finds the file later knows what it is and for whom."""
        area = f"-{self.theme.sign}" if self.theme else ""
        kind = f"-{self.profile}" if self.format is Format.CSV else ""
        what = "compilation" if self.format is Format.DOCX else self.layout
        stamp = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return f"{self.consultation.slug}-{what}{area}-{self.audience}{kind}-{stamp}.{self.format}"
