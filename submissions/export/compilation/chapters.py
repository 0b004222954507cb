"""What a compilation says: its title page with counts, a chapter for each area, and all proposed wording at the end."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.export.compilation.blocks import (
    Block,
    Chapter,
    Heading,
    Paragraph,
    Style,
    Table,
    TitlePage,
    paragraphs_of,
)
from submissions.export.compilation.cells import (
    LATE,
    NOT_PUBLISHED,
    SET_ASIDE,
    passage_marks,
    text_cells,
    wording_cells,
)
from submissions.export.layouts import offered
from submissions.export.passages import passages
from submissions.export.pg_copy import count_rows, fetch_rows, run_query
from submissions.export.review_columns import without_set_aside
from submissions.export.scope import Scope
from submissions.export.table import Table as Cells
from submissions.models import Audience, Contribution, Layout, StakeholderGroup, Submission, language_name
from submissions.text.regions import region_label
from themes.models import Consultation, Theme
from themes.templatetags.deadline import cutoff_in_words, to_the_second
from wsis.typography import list_in_words

WORDING = "wording"
Row = dict[str, str]


@dataclass(frozen=True)
class Compilation:
    """What is compiled, and for whom.

    Attributes:
        areas: the chosen ones, in their order; all of the consultation's where none is chosen.
        layout: whole texts, or passages by code, each with the proposed wording; or that alone.
        selection: the list's filters in words, a line each; empty for everything that counts.
    """

    consultation: Consultation
    areas: tuple[Theme, ...]
    layout: Layout
    audience: Audience
    with_set_aside: bool = False
    selection: str = ""

    def themes(self) -> list[Theme]:
        return list(self.areas or self.consultation.themes.all())


@dataclass(frozen=True)
class Contents:
    """A compilation of these submissions, as one snapshot sees them.

    Attributes:
        texts: of these alone; None for all texts of the submissions.
        on_row: called after each row that was read, with how many these were.
    """

    compilation: Compilation
    submissions: QuerySet[Submission]
    connection: BaseDatabaseWrapper
    texts: QuerySet[Contribution] | None = None
    on_row: Callable[[int], None] = lambda _rows: None
    _read: list[int] = field(default_factory=lambda: [0])

    # --- What is there -----------------------------------------------------------------------------------------------

    @cached_property
    def chosen(self) -> QuerySet[Submission]:
        asked = self.compilation
        rows = offered(self.submissions, asked.consultation, asked.audience)
        return rows if asked.with_set_aside else without_set_aside(rows)

    @cached_property
    def themes(self) -> list[Theme]:
        return self.compilation.themes()

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.themes, self.texts)

    def texts_on(self, theme: Theme) -> Cells:
        return text_cells(self.chosen, self.scope, theme, self.compilation.audience)

    def passages_on(self, theme: Theme) -> Cells:
        asked = self.compilation
        on_it = Scope([theme], self.texts)
        return passages(
            self.chosen, asked.consultation, asked.audience, on_it, lambda _reference: [passage_marks(asked.audience)]
        )

    @cached_property
    def wording(self) -> Cells:
        return wording_cells(self.chosen, self.scope, self.compilation.audience)

    @cached_property
    def by_place(self) -> dict[int, dict[tuple[str, ...], int]]:
        """How many texts each area has, by stakeholder group and region."""
        return {
            theme.pk: count_rows(self.texts_on(theme), self.connection, "stakeholder_group", "region")
            for theme in self.themes
        }

    @cached_property
    def wording_by_area(self) -> dict[str, int]:
        return {sign: n for (sign,), n in count_rows(self.wording, self.connection, "area").items()}

    def rows_in_all(self) -> int:
        """How many texts or passages, and rows of proposed wording."""
        rows = sum(self.wording_by_area.values())
        match self.compilation.layout:
            case Layout.CONTRIBUTIONS:
                rows += sum(sum(counts.values()) for counts in self.by_place.values())
            case Layout.PASSAGES:
                rows += sum(count_rows(self.passages_on(theme), self.connection)[()] for theme in self.themes)
        return rows

    def rows_read(self) -> int:
        return self._read[0]

    # --- The title page ----------------------------------------------------------------------------------------------

    def title_page(self) -> TitlePage:
        asked, consultation = self.compilation, self.compilation.consultation
        subtitles = {
            Layout.CONTRIBUTIONS: _("Compilation of contributions"),
            Layout.PASSAGES: _("Compilation of passages, by code"),
            Layout.PROPOSALS: _("Compilation of proposed wording"),
        }
        facts: list[tuple[str, str]] = [
            (_("Document"), consultation.document_title),
            (_("Deadline"), cutoff_in_words(consultation.closes_at, consultation.time_zone)),
            (_("Compiled at"), to_the_second(timezone.now(), consultation.time_zone)),
            (_("For whom"), str(asked.audience.label)),
            *([(_("Areas"), list_in_words(theme.sign for theme in asked.areas))] if asked.areas else []),
        ]
        if asked.audience is Audience.FULL:
            # A list may have been searched for an address, or filtered by what tells who an unnamed author is.
            facts += [(_("Selection"), line) for line in asked.selection.splitlines()]
        if asked.audience is not Audience.PUBLIC:
            # The public could tell from it how many of the unnamed texts come from those who are named.
            facts.append((_("Submissions"), str(self._submissions())))
        return TitlePage(consultation.title, subtitles[asked.layout], facts, list(self._legend()), [self._counts()])

    def _submissions(self) -> int:
        texts = self.scope.texts_of(self.chosen).order_by().annotate(every=Value(1))
        counted = texts.values("every").annotate(n=Count("submission", distinct=True)).values_list("every", "n")
        return sum(n for _every, n in run_query(counted, self.connection))

    def _legend(self) -> Iterator[str]:
        if self.compilation.selection and self.compilation.audience is not Audience.FULL:
            yield _("It holds a selection of what was sent, and not all of it.")
        if self.compilation.audience is Audience.PUBLIC:
            yield _("Only what its author allows to be published stands here; the secretariat has read everything.")
            return
        yield _("Internal: it holds texts that are not to be published, and says so beside each.")
        if not self.compilation.with_set_aside:
            yield _("What the secretariat set aside is left out.")

    def _counts(self) -> Table:
        contributions = {theme.sign: sum(self.by_place[theme.pk].values()) for theme in self.themes}
        rows = [
            (str(theme), str(contributions[theme.sign]), str(self.wording_by_area.get(theme.sign, 0)))
            for theme in self.themes
        ]
        in_all = (str(sum(contributions.values())), str(sum(self.wording_by_area.values())))
        header = (_("Area"), _("Contributions"), _("Rows of proposed wording"))
        return Table(header, [*rows, (_("In all"), *in_all)], (6, 2, 2), has_numbers=True)

    # --- The chapters ------------------------------------------------------------------------------------------------

    def chapters(self) -> Iterator[Chapter]:
        if self.compilation.layout is not Layout.PROPOSALS:
            for theme in self.themes:
                yield Chapter(f"area_{theme.sign}", str(theme), self._on(theme))
        if self.wording_by_area or self.compilation.layout is Layout.PROPOSALS:
            yield Chapter(WORDING, _("Proposed wording, in the document’s order"), self._all_wording(), is_wide=True)

    def _on(self, theme: Theme) -> Iterator[Block]:
        if theme.prompt:
            yield Paragraph(theme.prompt, Style.QUESTION)
        counts = self.by_place[theme.pk]
        total, wording = sum(counts.values()), self.wording_by_area.get(theme.sign, 0)
        sentence = ngettext("%(n)d contribution on this area.", "%(n)d contributions on this area.", total) % {
            "n": total
        }
        if wording:
            sentence += " " + ngettext(
                "%(n)d row of proposed wording stands in the table at the end.",
                "%(n)d rows of proposed wording stand in the table at the end.",
                wording,
            ) % {"n": wording}
        yield Paragraph(sentence)
        if total:
            yield _by_group_and_region(counts)
        if self.compilation.layout is Layout.PASSAGES:
            yield from self._passages(theme)
        else:
            yield from self._texts(theme)

    def _rows(self, cells: Cells) -> Iterator[Row]:
        with closing(fetch_rows(cells, self.connection, batch=100)) as fetched:
            for row in fetched:
                yield dict(zip(cells.headers, map(str, row), strict=True))
                self._read[0] += 1
                self.on_row(self._read[0])

    def _texts(self, theme: Theme) -> Iterator[Block]:
        is_first = True
        for campaign, rows in groupby(self._rows(self.texts_on(theme)), key=lambda row: row["campaign"]):
            if not campaign:
                yield from self._by_group(rows)
                continue
            if is_first:
                yield Heading(2, _("Near-identical texts"))
                is_first = False
            yield from self._campaign(rows)

    def _by_group(self, rows: Iterator[Row]) -> Iterator[Block]:
        for group, members in groupby(rows, key=lambda row: row["stakeholder_group"]):
            held: list[Block] = [Heading(2, _group_in_words(group))]
            for row in members:
                # Who proposed wording and wrote no text is in the table at the end.
                if row["text"]:
                    yield from held
                    held = []
                    yield Heading(3, self._sender(row))
                    yield from paragraphs_of(row["text"])

    def _campaign(self, rows: Iterator[Row]) -> Iterator[Block]:
        """The text that most of them sent, once; then who sent it, or one nearly like it."""
        first = next(rows)
        size, same = int(first["campaign_size"]), int(first["same"])
        yield Heading(3, _("%(n)d submissions, nearly the same text") % {"n": size})
        yield from paragraphs_of(first["text"])
        yield Paragraph(
            _("%(same)d of the %(n)d sent it to the letter. It came from:") % {"same": same, "n": size}, Style.REMARK
        )
        yield self._member(first, first)
        for row in rows:
            yield self._member(row, first)

    def _member(self, row: Row, first: Row) -> Paragraph:
        changed = [] if row["says"] == first["says"] else [_("with changes")]
        group = row["stakeholder_group"]
        return Paragraph("• " + " · ".join([self._sender(row), *([group] if group else []), *changed]), Style.POINT)

    def _passages(self, theme: Theme) -> Iterator[Block]:
        for tag, rows in groupby(self._rows(self.passages_on(theme)), key=lambda row: row["tag"]):
            yield Heading(2, tag)
            meaning = ""
            for row in rows:
                if not meaning and (meaning := row["when_to_use_it"]):
                    yield Paragraph(meaning, Style.REMARK)
                yield Paragraph(row["passage"], Style.PASSAGE)
                gone = [] if row["stands"] == "yes" else [_("not in what was sent last")]
                name = row["organisation"] or row.get("contact_name", "")
                about = [name, row["stakeholder_group"], row["country"], row["reference"], *_marks_in_words(row), *gone]
                yield Paragraph(" · ".join(part for part in about if part), Style.REMARK)

    def _all_wording(self) -> Iterator[Block]:
        header = (
            *(_("Paragraph"), _("Area"), _("Stakeholder"), _("Stakeholder group")),
            *(_("Proposed wording"), _("Reason"), _("Secretariat’s note")),
        )
        rows = (
            (
                row["paragraph"],
                row["area"],
                self._sender(row),
                _group_in_words(row["stakeholder_group"]),
                row["wording"],
                row["reason"],
                "",
            )
            for row in self._rows(self.wording)
        )
        yield Table(header, rows, (7, 4, 11, 10, 20, 14, 11))

    def _sender(self, row: Row) -> str:
        """Name, country, reference, language, and the marks that a reader is to see."""
        # Who is not named in this file may have agreed to be: only for the public they are anonymous.
        name = row["sender"] if "sender" in row else row["published_as"] or _("Anonymous")
        language = language_name(row["language"]) if row.get("language") else ""
        parts = (name, row["country"], row["reference"], language, *_marks_in_words(row))
        return " · ".join(part for part in parts if part)


def _marks_in_words(row: Row) -> list[str]:
    words = {LATE: _("Late"), NOT_PUBLISHED: _("Not to be published"), SET_ASIDE: _("Set aside")}
    return [words[mark] for mark in row["marks"].split()]


def _group_in_words(group: str) -> str:
    return group or _("Published without a name")


def _by_group_and_region(counts: dict[tuple[str, ...], int]) -> Table:
    order = {str(label): place for place, label in enumerate(StakeholderGroup.labels)}
    groups = sorted({group for group, _region in counts}, key=lambda name: (name == "", order.get(name, 99), name))
    regions = sorted({region for _group, region in counts}, key=lambda name: (name == "", name))
    rows = [
        (
            _group_in_words(group),
            *(str(counts.get((group, region), 0)) for region in regions),
            str(sum(n for (one, _region), n in counts.items() if one == group)),
        )
        for group in groups
    ]
    by_region = (str(sum(n for (_group, one), n in counts.items() if one == region)) for region in regions)
    names = (region_label(region) if region else _("Not named") for region in regions)
    header = (_("Stakeholder group"), *names, _("In all"))
    last = (_("In all"), *by_region, str(sum(counts.values())))
    return Table(header, [*rows, last], (2, *(1 for _region in regions), 1), has_numbers=True)
