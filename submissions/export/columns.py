"""What a column is: a header that never changes, an expression of the database, and a sentence that says what it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import translation

from submissions.models import Consent, Proposal, Redaction, StakeholderGroup, SubmittingAs, Way, country_choices
from submissions.text.regions import region_names
from themes.models import QUESTIONS_AFTER

Expressed = Expression | F
LONG_TEXTS = {"text", "proposals", "wording", "reason", "passage", "notes"}


@dataclass(frozen=True)
class Column:
    """A column of an export.

    Attributes:
        header: never changes, since programs read it.
        expression: what PostgreSQL puts into the cell.
        meaning: one English sentence for the data dictionary.
        is_free: whether somebody outside typed it, so that a spreadsheet has to be kept from running it.
        is_long: whether it holds whole texts, which are read in a wide column.
        is_contact: whether it says whom to write to; only for those who may see that.
    """

    header: str
    expression: Expressed
    meaning: str
    is_free: bool = False
    is_contact: bool = False

    @property
    def is_long(self) -> bool:
        return self.header in LONG_TEXTS or (self.header.startswith("theme_") and self.header != "theme_number")


class InWords(Func):
    """A code's English words, by a mapping that travels with the query; the code itself where it has none."""

    output_field = TextField()
    template = "COALESCE(%(expressions)s)"

    def __init__(self, code: Any, words: Mapping[str, str]) -> None:
        super().__init__(_Looked(Value(json.dumps(words, ensure_ascii=False)), code), code)


class _Looked(Func):
    output_field = TextField()
    template = "(%(expressions)s)"
    arg_joiner = "::jsonb ->> "


class InUtc(Func):
    """An instant in ISO 8601, in UTC, to the microsecond."""

    output_field = TextField()
    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')"


class ParagraphNumber(Func):
    """The first number in a paragraph's name, digits of any of the site's scripts, so that 9 comes before 10."""

    output_field = IntegerField()
    template = (
        "substring(translate(%(expressions)s, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९', '012345678901234567890123456789')"
        " from '[0-9]{1,9}')::integer"
    )


class Joined(Func):
    """The texts of a subquery, with a blank line between them."""

    function = "array_to_string"
    template = "%(function)s(%(expressions)s, E'\\n\\n')"
    output_field = TextField()


def english(choices: Any) -> dict[str, str]:
    with translation.override("en"):
        return {str(code): str(words) for code, words in choices}


def countries() -> dict[str, str]:
    with translation.override("en"):
        return dict(country_choices())


def of_last(last: QuerySet[Any], column: Column) -> Column:
    """A column about a submission, where the row knows its reference alone; `last` finds it, the last version first."""
    cell: Any = Subquery(last.annotate(cell=column.expression).values("cell")[:1])
    return replace(column, expression=cell)


def above(name: str) -> Coalesce:
    """The name of the code that one stands under; empty for none."""
    return Coalesce(F(name), Value(""), output_field=TextField())


def sign_of(number: str) -> Expression:
    """What a theme is called by: “7”, or “Q1” for a general question. The SQL form of `Theme.sign`."""
    return Case(
        When(
            **{f"{number}__gt": QUESTIONS_AFTER},
            then=Concat(Value("Q"), Cast(F(number) - QUESTIONS_AFTER, TextField())),
        ),
        default=Cast(F(number), TextField()),
        output_field=TextField(),
    )


class Redacted(Func):
    """A text as the public reads it (migrations/sql/redaction.sql)."""

    function = "submissions_redacted"
    output_field = TextField()

    def __init__(self, text: Any, contribution: str) -> None:
        """`contribution` is the way from the row to the contribution, ending in __ or empty."""
        passages = Redaction.objects.filter(
            reference=OuterRef(f"{contribution}submission__reference"), theme=OuterRef(f"{contribution}theme")
        )
        super().__init__(text, ArraySubquery(passages.order_by().values_list("passage")))


def proposals_of(contribution: str, *, is_public: bool = False) -> Expression:
    """The rows of proposed wording of a contribution, each as three labelled lines, a blank line between them."""
    paragraph, wording, reason = (
        Redacted(F(name), "contribution__") if is_public else F(name) for name in ("paragraph", "wording", "reason")
    )
    row = Concat(
        *(Value("Paragraph: "), paragraph, Value("\nProposed wording: "), wording),
        *(Value("\nReason: "), reason),
        output_field=TextField(),
    )
    rows = Proposal.objects.filter(contribution=OuterRef(contribution)).order_by("position")
    return Joined(ArraySubquery(rows.values_list(row)))


def stakeholder(submission: str) -> dict[str, Column]:
    """Who it comes from, by header. `submission` is the way from the row to its submission, ending in __ or empty."""

    def field(name: str) -> F:
        return F(submission + name)

    columns = [
        Column("reference", field("reference"), "The receipt's number; the same for all versions of a submission."),
        Column("submitted_at", InUtc(field("received_at")), "When PostgreSQL received it: ISO 8601, UTC."),
        Column(
            "submitting_as", InWords(field("submitting_as"), english(SubmittingAs.choices)), "As whom it was submitted."
        ),
        Column("organisation", field("organisation"), "Empty for an individual who named none.", is_free=True),
        Column(
            "stakeholder_group",
            InWords(field("stakeholder_group"), english(StakeholderGroup.choices)),
            "The group that the stakeholder chose.",
        ),
        Column("country", InWords(field("country"), countries()), "ISO 3166 name, or Global / regional."),
        Column("region", InWords(field("country"), region_names()), "The country's region after UN M49."),
        Column("contact_name", field("contact_name"), "Whom to ask.", is_free=True, is_contact=True),
        Column("email", field("email"), "Where the receipt went.", is_free=True, is_contact=True),
        Column(
            "consent", field("consent"), "How it may be published: " + ", ".join(code for code in Consent.values) + "."
        ),
        Column("language", field("language"), "ISO 639 code, mul for several, und for another one."),
        Column(
            "came_in",
            Coalesce(
                InWords(field("admission__way"), english(Way.choices)),
                Value("Online, in time"),
                output_field=TextField(),
            ),
            "How it came in, where that was not by the form in time.",
        ),
        Column(
            "late",
            Case(When(**{f"{submission}admission__is_late": True}, then=Value("late")), default=Value("")),
            "Whether it came in after the cutoff: late, or empty.",
        ),
        Column(
            "admitted_because",
            Coalesce(field("admission__reason"), Value(""), output_field=TextField()),
            "Why the secretariat took it, where it came in another way.",
            is_free=True,
        ),
    ]
    return {column.header: column for column in columns}
