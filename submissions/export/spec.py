"""What somebody wants out: one choice of rows, columns and file, which the admin, the worker and the command share."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from submissions.export.compilation import Compilation, count_compiled, write_compilation
from submissions.export.formats import write
from submissions.export.layouts import table
from submissions.export.pg_copy import count_rows
from submissions.export.scope import Scope
from submissions.export.sink import Progress, Written
from submissions.export.table import LayoutNotOffered, Table
from submissions.models import Audience, Contribution, Format, Layout, Profile, Submission
from themes.models import Consultation, Theme

CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON_LINES: "application/jsonl; charset=utf-8",
    Format.HTML: "text/html; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
COMPILED = {Layout.CONTRIBUTIONS, Layout.PASSAGES, Layout.PROPOSALS}
Texts = QuerySet[Contribution] | None
MOST_AREAS_NAMED = 5  # in a file's name


@dataclass(frozen=True)
class ExportSpec:
    """An export as it was chosen.

    Attributes:
        areas: only what was written on these; on all of them where none is chosen.
        selection: the list's filters in words, for a title page.

    Raises:
        LayoutNotOffered: the choices do not go together, or would say more than this audience may read.
    """

    consultation: Consultation
    layout: Layout
    format: Format
    profile: Profile
    audience: Audience
    areas: tuple[Theme, ...] = ()
    with_set_aside: bool = False
    with_notes: bool = False
    selection: str = ""

    def __post_init__(self) -> None:
        if any(area.consultation_id != self.consultation.pk for area in self.areas):
            raise LayoutNotOffered(_("This area belongs to another consultation."))
        if self.is_compilation and self.layout not in COMPILED:
            raise LayoutNotOffered(
                _("A compilation holds contributions, tagged passages or proposed wording: choose one of these.")
            )
        if self.areas and self.layout in {Layout.SUBMISSIONS, Layout.STAKEHOLDERS, Layout.TAGS}:
            raise LayoutNotOffered(_("A row of this layout is about all areas: choose no area."))
        if self.with_set_aside and self.audience is Audience.PUBLIC:
            raise LayoutNotOffered(_("What was set aside is not for the public."))
        if self.with_notes and self.audience is Audience.PUBLIC:
            raise LayoutNotOffered(_("The colleagues’ notes are not for the public."))
        # Refuses what this audience may not read.
        self.table(Submission.objects.none())

    @property
    def reads_from(self) -> str | None:
        """Which database. What the public may read is asked where it is decided: a replica may not know yet what was
        held back or withdrawn. None leaves it to the settings."""
        return "default" if self.audience is Audience.PUBLIC else None

    @property
    def is_compilation(self) -> bool:
        """Whether it is a document to read, and no table."""
        return self.format in {Format.DOCX, Format.HTML}

    @property
    def compilation(self) -> Compilation:
        return Compilation(
            self.consultation, self.areas, self.layout, self.audience, self.with_set_aside, self.selection
        )

    def table(self, submissions: QuerySet[Submission], texts: Texts = None) -> Table:
        """
        Args:
            texts: of a list of contributions; None for all that the submissions say.
        """
        return table(
            self.layout,
            submissions,
            consultation=self.consultation,
            audience=self.audience,
            scope=Scope(self.areas, texts),
            with_review=True,
            with_notes=self.with_notes,
        )

    def count(self, submissions: QuerySet[Submission], connection: BaseDatabaseWrapper, *, texts: Texts = None) -> int:
        """How many rows it will have, in the snapshot that it is written from."""
        if self.is_compilation:
            return count_compiled(self.compilation, submissions, connection, texts)
        return count_rows(self.table(submissions, texts), connection)[()]

    def write(
        self,
        submissions: QuerySet[Submission],
        to: BinaryIO,
        connection: BaseDatabaseWrapper,
        *,
        progress: Progress,
        texts: Texts = None,
    ) -> Written:
        if self.is_compilation:
            return write_compilation(
                self.compilation, submissions, to, connection, format=self.format, progress=progress, texts=texts
            )
        table_ = self.table(submissions, texts)
        return write(table_, to, connection, format=self.format, profile=self.profile, progress=progress)

    def file_name(self, at: datetime) -> str:
        """It says the choice: whoever finds the file later knows what it is and for whom."""
        area = "".join(f"-{one.sign}" for one in self.areas[:MOST_AREAS_NAMED])
        area += "-and-more" if len(self.areas) > MOST_AREAS_NAMED else ""
        kind = f"-{self.profile}" if self.format is Format.CSV else ""
        what = f"compilation-of-{self.layout}" if self.is_compilation else self.layout
        stamp = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return f"{self.consultation.slug}-{what}{area}-{self.audience}{kind}-{stamp}.{self.format}"
