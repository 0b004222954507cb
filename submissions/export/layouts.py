"""The layouts: which rows an export has, and which columns, for whom. All of them come from the columns below."""

from collections.abc import Callable
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import MD5, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from submissions.export.coding import submission_tags, tag_counts
from submissions.export.columns import Column, ParagraphNumber, Redacted, proposals_of, sign_of, stakeholder
from submissions.export.passages import passages
from submissions.export.public_audience import (
    BARRED,
    if_named,
    language_column,
    proposal_consent,
    published,
    published_as,
    published_proposals,
    text_columns,
    word_column,
)
from submissions.export.review_columns import review_columns, without_set_aside
from submissions.export.scope import Scope
from submissions.export.table import LayoutNotOffered, Table, build_table
from submissions.models import (
    Audience,
    Consent,
    Contribution,
    Layout,
    Proposal,
    Submission,
)
from submissions.queries.publication import own_consent
from submissions.queries.totals import theme_count, word_count
from themes.fields import source_text
from themes.models import Consultation

# How it came in: at the end, where it disturbs nobody's older reading of the columns.
ARRIVAL = ("came_in", "late", "admitted_because")
EVERYTHING = Scope()
# The columns on the review, by the way from a row to its reference.
ReviewColumns = Callable[[str], list[Column]]


def table(
    layout: Layout | str,
    submissions: QuerySet[Submission],
    *,
    consultation: Consultation,
    audience: Audience | str,
    scope: Scope = EVERYTHING,
    with_review: bool = False,
    with_notes: bool = False,
) -> Table:
    """The table of `submissions` in a layout. What was withdrawn is in none, whoever asks for it.

    Args:
        consultation: whose themes are columns; submissions of others are left out.
        scope: which of their texts, where a row is a text.
        with_review: what the workspace made of it, in more columns; not for the public.
        with_notes: the colleagues' notes among these.

    Raises:
        LayoutNotOffered: the layout would say more than this audience may read.
    """
    audience = Audience(audience)
    make: Callable[..., Table] = {
        Layout.CONTRIBUTIONS: _contributions,
        Layout.SUBMISSIONS: _submissions,
        Layout.PROPOSALS: _proposals,
        Layout.STAKEHOLDERS: _stakeholders,
        Layout.PASSAGES: passages,
        Layout.TAGS: submission_tags,
        Layout.TAG_COUNTS: tag_counts,
    }[Layout(layout)]

    def review(reference: str) -> list[Column]:
        wanted = with_review and audience is not Audience.PUBLIC
        return review_columns(reference, with_notes=with_notes) if wanted else []

    return make(offered(submissions, consultation, audience), consultation, audience, scope, review)


def offered(submissions: QuerySet[Submission], consultation: Consultation, audience: Audience) -> QuerySet[Submission]:
    """Of those asked for: nothing that was withdrawn; and for the public nothing that was set aside, and no version
    that was replaced, whatever was chosen, since the last one may allow less."""
    chosen = Submission.objects.filter(pk__in=submissions.order_by().values("pk"), consultation=consultation)
    chosen = chosen.not_withdrawn().order_by()
    return without_set_aside(chosen.latest_versions()) if audience is Audience.PUBLIC else chosen


# --- contributions and proposals: a row is a text ------------------------------------------------------------------


def _title_of(consultation: Consultation) -> Case:
    """The area's title as `consultation` has it: of today, or for the record as it was when intake closed."""
    titles = (When(theme=theme.pk, then=Value(source_text(theme, "title"))) for theme in consultation.themes.all())
    return Case(*titles, default=Value(""), output_field=TextField())


def _contributions(
    submissions: QuerySet[Submission],
    consultation: Consultation,
    audience: Audience,
    scope: Scope,
    review: ReviewColumns,
) -> Table:
    sender = stakeholder("submission__")
    texts = scope.texts_of(submissions)
    area = [
        Column("theme_number", sign_of("theme__number"), "The area's number, or Q1, Q2 … for a general question."),
        Column("theme", _title_of(consultation), "The area's title.", is_free=True),
    ]
    written = [
        language_column("submission__", sender["language"].meaning, audience),
        word_column(audience),
        *text_columns(audience, "Wording proposed for numbered paragraphs, three labelled lines each."),
    ]
    if audience is Audience.PUBLIC:
        publishable = published(texts)
        # Anonymous ones stand after the others, in an order that says nothing of whose they are.
        ordered = publishable.order_by(
            "theme__number", F("published").desc(), if_named("submission__reference"), MD5("text")
        )
        return build_table(ordered, [*area, *published_as("submission__", "late"), *written], audience)
    columns = [
        sender["reference"],
        Column("consultation", F("submission__consultation__slug"), "The consultation's address."),
        *area,
        *(sender[name] for name in ("submitted_at", "submitting_as", "organisation", "stakeholder_group", "country")),
        *(sender[name] for name in ("contact_name", "email")),
        Column("consent", own_consent(), "How this text may be published: named, anonymous, none."),
        *written,
        *(sender[name] for name in ARRIVAL),
        *review("submission__reference"),
    ]
    return build_table(texts.order_by("submission__received_at", "submission_id", "theme__number"), columns, audience)


def _proposals(
    submissions: QuerySet[Submission],
    consultation: Consultation,
    audience: Audience,
    scope: Scope,
    review: ReviewColumns,
) -> Table:
    rows = Proposal.objects.filter(contribution__in=scope.texts_of(submissions).order_by().values("pk"))
    sender = stakeholder("contribution__submission__")
    written = [
        Column("paragraph", F("paragraph"), "The paragraph's number, as it was given.", is_free=True),
        Column("theme_number", sign_of("contribution__theme__number"), "The area under which it was proposed."),
        Column("wording", F("wording"), "The wording proposed, to the character.", is_free=True),
        Column("reason", F("reason"), "Why, in the stakeholder's words.", is_free=True),
    ]
    by_paragraph: list[Any] = [F("by_number").asc(nulls_last=True), "paragraph"]
    rows = rows.annotate(by_number=ParagraphNumber("paragraph"))
    if audience is Audience.PUBLIC:
        publishable = published_proposals(rows)
        written = [
            Column(column.header, Redacted(column.expression, "contribution__"), column.meaning + BARRED, is_free=True)
            if column.is_free
            else column
            for column in written
        ]
        reference = if_named("contribution__submission__reference")
        ordered = publishable.order_by(*by_paragraph, F("published").desc(), reference, MD5("wording"), MD5("reason"))
        return build_table(ordered, [*written, *published_as("contribution__submission__", "late")], audience)
    names = (
        "reference",
        "submitted_at",
        "organisation",
        "stakeholder_group",
        "country",
        "contact_name",
        "email",
        *ARRIVAL,
    )
    columns = [
        *written,
        *(sender[name] for name in names),
        Column("consent", proposal_consent(), "How it may be published."),
        *review("contribution__submission__reference"),
    ]
    order = ["contribution__submission__received_at", "contribution_id", "position"]
    return build_table(rows.order_by(*by_paragraph, *order), columns, audience)


# --- submissions and stakeholders: a row is a sending --------------------------------------------------------------


def _totals() -> list[Column]:
    return [
        Column("themes", theme_count(), "On how many areas and questions something was written."),
        Column("words", word_count(), "Words of all of it."),
    ]


def _submissions(
    submissions: QuerySet[Submission],
    consultation: Consultation,
    audience: Audience,
    scope: Scope,
    review: ReviewColumns,
) -> Table:
    if audience is Audience.PUBLIC:
        raise LayoutNotOffered(
            _(
                "One row for each submission would show together what was sent under one name and what was to stay "
                "anonymous. Choose contributions for the public."
            )
        )
    sender = stakeholder("")
    texts = [
        Column(
            f"theme_{row.sign}",
            Coalesce(
                Subquery(
                    Contribution.objects.filter(submission=OuterRef("pk"), theme=row).values_list(
                        _text_and_proposals()
                    )[:1]
                ),
                Value(""),
                output_field=TextField(),
            ),
            f"What was written on {row.sign}, {source_text(row, 'title')}: the text, then the proposed wording.",
            is_free=True,
        )
        for row in consultation.themes.all()
    ]
    version = Column("version", F("version"), "How many times it was sent; this is the last.")
    names = [sender[name] for name in sender if name not in {"reference", *ARRIVAL}]
    arrival = [sender[name] for name in ARRIVAL]
    columns = [sender["reference"], version, *names, *_totals(), *texts, *arrival, *review("reference")]
    return build_table(submissions.order_by("received_at", "pk"), columns, audience)


def _text_and_proposals() -> Any:
    """The text and below it the rows of proposed wording."""
    rows = proposals_of("pk")
    return Case(
        When(~Exists(Proposal.objects.filter(contribution=OuterRef("pk"))), then=F("text")),
        When(text="", then=rows),
        default=Concat(F("text"), Value("\n\n"), rows, output_field=TextField()),
        output_field=TextField(),
    )


def _stakeholders(
    submissions: QuerySet[Submission],
    consultation: Consultation,
    audience: Audience,
    scope: Scope,
    review: ReviewColumns,
) -> Table:
    sender = stakeholder("")
    if audience is Audience.PUBLIC:
        named = submissions.filter(consent=Consent.NAMED).annotate(published=F("consent"))
        columns = published_as("", "region", "late")
        return build_table(named.order_by("organisation", "contact_name", "pk"), columns, audience)
    columns = [sender[name] for name in sender if name not in ARRIVAL]
    arrival = [sender[name] for name in ARRIVAL]
    columns = [*columns, *_totals(), *arrival, *review("reference")]
    return build_table(submissions.order_by("received_at", "pk"), columns, audience)
