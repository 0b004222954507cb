"""The archive's tables, each column declared once: its header, its type, its meaning, and where it comes from.

The CSV, the JSON Lines, both descriptions (datapackage.json, CSVW) and the README are made of these.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from publication.models import PublishedProposal, PublishedText
from submissions.export.columns import countries, english
from submissions.models import StakeholderGroup
from submissions.text.regions import region_names
from themes.fields import source_text
from themes.models import Consultation

CHUNK = 500  # rows that are in memory at a time
GROUPS = english(StakeholderGroup.choices)


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        type: "string", "integer" or "boolean": a word of Frictionless, of CSVW and of JSON Schema.
        value: of a row; None for nothing.
    """

    header: str
    type: str
    meaning: str
    value: Callable[[Any], Any]
    is_required: bool = False


@dataclass(frozen=True)
class Table:
    """One file of rows.

    Attributes:
        key: the headers that name a row.
        belongs_to: of a header the table and the header that it stands for.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Any]]
    key: tuple[str, ...]
    belongs_to: tuple[str, str, str] | None = None


def tables_of(consultation: Consultation) -> tuple[Table, Table]:
    """Contributions, and the wording they propose."""
    titles = {theme.pk: source_text(theme, "title") for theme in consultation.themes.all()}
    names = countries()
    contributions = (
        Column("id", "string", "Its own id, as in its address. Random: it tells no order.", _text("public_id"), True),
        Column("area", "integer", "The area's number; general questions from 101 on.", _text("theme_number"), True),
        Column("area_title", "string", "In English.", lambda row: titles[row.theme_id], True),
        Column("named", "boolean", "Whether its author agreed to be named.", _text("is_named"), True),
        Column("sender", "string", "An id that all named texts of one sender share.", _text("sender_id")),
        Column("name", "string", "The organisation, or the person.", _text("name")),
        Column(
            "stakeholder_group", "string", "As its author chose.", lambda row: GROUPS.get(row.stakeholder_group, "")
        ),
        Column("country", "string", "ISO 3166 name, or Global / regional.", lambda row: names.get(row.country, "")),
        Column("region", "string", "After UN M49.", lambda row: region_names().get(row.country, "")),
        Column("language", "string", "ISO 639; mul for several, und for one not said.", _text("language"), True),
        Column("late", "boolean", "Whether it came after the deadline; of unnamed ones never.", _text("is_late"), True),
        Column("text", "string", "What was written. A bar stands where words are held back.", _text("text")),
        Column("words", "integer", "Of text and wording; empty where there is a bar.", _text("words")),
        Column("senders", "integer", "How many sent these very words.", _text("sender_count"), True),
        Column(
            "campaign_senders",
            "integer",
            "How many sent these words or nearly the same.",
            _text("campaign_senders"),
            True,
        ),
        Column("publication", "integer", "The publication that it is from.", lambda row: row.publication.number, True),
        Column("licence", "string", "That one's licence, by SPDX.", lambda row: row.publication.licence, True),
    )
    proposals = (
        Column("contribution", "string", "The id of its contribution.", lambda row: row.published.public_id, True),
        Column("position", "integer", "Its place among that one's rows.", lambda row: row.position + 1, True),
        Column("paragraph", "string", "As its author named it.", _text("paragraph")),
        Column("paragraph_number", "integer", "The first number in that.", _text("number")),
        Column("wording", "string", "The wording proposed.", _text("wording")),
        Column("reason", "string", "Why, in its author's words.", _text("reason")),
    )
    texts = PublishedText.objects.filter(consultation=consultation, is_shown=True).select_related("publication")
    rows = PublishedProposal.objects.filter(published__consultation=consultation, published__is_shown=True)
    return (
        Table(
            "contributions", "Published contributions", contributions, _read(texts.order_by("public_id")), key=("id",)
        ),
        Table(
            "proposals",
            "Wording that they propose for paragraphs of the document",
            proposals,
            _read(rows.select_related("published").order_by("published__public_id", "position")),
            key=("contribution", "position"),
            belongs_to=("contribution", "contributions", "id"),
        ),
    )


def _text(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _read(rows: QuerySet[Any]) -> Callable[[], Iterator[Any]]:
    return lambda: rows.iterator(chunk_size=CHUNK)
