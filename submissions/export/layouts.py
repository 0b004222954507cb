"""The layouts: which rows an export has, and which columns, for whom. All of them come from the columns below."""

from collections.abc import Callable
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import MD5, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from submissions.export.choices import Audience, Layout
from submissions.export.columns import (
    Column,
    ParagraphNumber,
    Redacted,
    own_consent,
    proposals_of,
    sign_of,
    stakeholder,
)
from submissions.export.passages import passages
from submissions.export.publishing import BARRED, if_named, published, published_as, said_for, words_for
from submissions.export.tables import NotOffered, Table, made
from submissions.models import Contribution, Proposal, Submission, Withdrawal
from submissions.publication.redacting import withheld
from submissions.respondent import Consent, StakeholderGroup
from submissions.totals import themes_in_all, words_in_all
from themes.models import Consultation, Theme

# How it came in: at the end, where it disturbs nobody's older reading of the columns.
ARRIVAL = ("came_in", "late", "admitted_because")


def table(
    layout: Layout | str,
    submissions: QuerySet[Submission],
    *,
    consultation: Consultation,
    audience: Audience | str,
    theme: Theme | None = None,
) -> Table:
    """The table of `submissions` in a layout. What was withdrawn is in none, whoever asks for it.

    Args:
        consultation: whose themes are columns; submissions of others are left out.
        theme: only what was written on it, where a row is a text.

    Raises:
        NotOffered: the layout would say more than this audience may read.
    """
    audience = Audience(audience)
    make: Callable[..., Table] = {
        Layout.CONTRIBUTIONS: _contributions,
        Layout.SUBMISSIONS: _submissions,
        Layout.PROPOSALS: _proposals,
        Layout.STAKEHOLDERS: _stakeholders,
        Layout.PASSAGES: passages,
    }[Layout(layout)]
    return make(_offered(submissions, consultation, audience), consultation, audience, theme)


def _offered(submissions: QuerySet[Submission], consultation: Consultation, audience: Audience) -> QuerySet[Submission]:
    """Of those asked for: nothing that was withdrawn; and for the public no version that was replaced, whatever was
    chosen, since the last one may allow less."""
    withdrawn = Withdrawal.objects.filter(reference=OuterRef("reference"))
    mine = submissions.filter(~Exists(withdrawn), consultation=consultation).order_by()
    if audience is Audience.PUBLIC:
        newer = Submission.objects.filter(reference=OuterRef("reference"), version__gt=OuterRef("version"))
        return mine.filter(~Exists(newer))
    return mine


# --- contributions and proposals: a row is a text ------------------------------------------------------------------


def _texts_of(submissions: QuerySet[Submission], theme: Theme | None) -> QuerySet[Contribution]:
    texts = Contribution.objects.filter(submission__in=submissions.values("pk"))
    return texts.filter(theme=theme) if theme else texts


def _contributions(
    submissions: QuerySet[Submission], consultation: Consultation, audience: Audience, theme: Theme | None
) -> Table:
    who = stakeholder("submission__")
    texts = _texts_of(submissions, theme)
    area = [
        Column("theme_number", sign_of("theme__number"), "The area's number, or Q1, Q2 … for a general question."),
        Column("theme", F("theme__title"), "The area's title.", is_free=True),
    ]
    said = [
        Column("language", F("submission__language"), who["language"].meaning),
        words_for(audience),
        *said_for(audience, "Wording proposed for numbered paragraphs, three labelled lines each."),
    ]
    if audience is Audience.PUBLIC:
        allowed = published(texts)
        # Anonymous ones stand after the others, in an order that says nothing of whose they are.
        ordered = allowed.order_by(
            "theme__number", F("published").desc(), if_named("submission__reference"), MD5("text")
        )
        return made(ordered, [*area, *published_as("submission__", "late"), *said], audience)
    columns = [
        who["reference"],
        Column("consultation", F("submission__consultation__slug"), "The consultation's address."),
        *area,
        *(who[name] for name in ("submitted_at", "submitting_as", "organisation", "stakeholder_group", "country")),
        *(who[name] for name in ("contact_name", "email")),
        Column("consent", own_consent(), "How this text may be published: named, anonymous, none."),
        *said,
        *(who[name] for name in ARRIVAL),
    ]
    return made(texts.order_by("submission__received_at", "submission_id", "theme__number"), columns, audience)


def _proposals(
    submissions: QuerySet[Submission], consultation: Consultation, audience: Audience, theme: Theme | None
) -> Table:
    rows = Proposal.objects.filter(contribution__in=_texts_of(submissions, theme).order_by().values("pk"))
    who = stakeholder("contribution__submission__")
    said = [
        Column("paragraph", F("paragraph"), "The paragraph's number, as it was given.", is_free=True),
        Column("theme_number", sign_of("contribution__theme__number"), "The area under which it was proposed."),
        Column("wording", F("wording"), "The wording proposed, to the character.", is_free=True),
        Column("reason", F("reason"), "Why, in the stakeholder's words.", is_free=True),
    ]
    by_paragraph: list[Any] = [F("by_number").asc(nulls_last=True), "paragraph"]
    rows = rows.annotate(by_number=ParagraphNumber("paragraph"))
    consent = Case(
        When(contribution__own_consent="", then=F("contribution__submission__consent")),
        default=F("contribution__own_consent"),
        output_field=CharField(),
    )
    if audience is Audience.PUBLIC:
        held_back = withheld("contribution__submission__reference", "contribution__theme")
        allowed = rows.annotate(published=consent).exclude(published=Consent.NONE).exclude(held_back)
        said = [
            Column(column.header, Redacted(column.expression, "contribution__"), column.meaning + BARRED, is_free=True)
            if column.is_free
            else column
            for column in said
        ]
        reference = if_named("contribution__submission__reference")
        ordered = allowed.order_by(*by_paragraph, F("published").desc(), reference, MD5("wording"), MD5("reason"))
        return made(ordered, [*said, *published_as("contribution__submission__", "late")], audience)
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
    columns = [*said, *(who[name] for name in names), Column("consent", consent, "How it may be published.")]
    order = ["contribution__submission__received_at", "contribution_id", "position"]
    return made(rows.order_by(*by_paragraph, *order), columns, audience)


# --- submissions and stakeholders: a row is a sending --------------------------------------------------------------


def _totals() -> list[Column]:
    return [
        Column("themes", themes_in_all(), "On how many areas and questions something was written."),
        Column("words", words_in_all(), "Words of all of it."),
    ]


def _submissions(
    submissions: QuerySet[Submission], consultation: Consultation, audience: Audience, theme: Theme | None
) -> Table:
    if audience is Audience.PUBLIC:
        raise NotOffered(
            _(
                "One row for each submission would show together what was sent under one name and what was to stay "
                "anonymous. Choose contributions for the public."
            )
        )
    who = stakeholder("")
    texts = [
        Column(
            f"theme_{row.sign}",
            Coalesce(
                Subquery(Contribution.objects.filter(submission=OuterRef("pk"), theme=row).values_list(_said())[:1]),
                Value(""),
                output_field=TextField(),
            ),
            f"What was written on {row.sign}, {row.title}: the text, then the proposed wording.",
            is_free=True,
        )
        for row in consultation.themes.all()
    ]
    version = Column("version", F("version"), "How many times it was sent; this is the last.")
    names = [who[name] for name in who if name not in {"reference", *ARRIVAL}]
    columns = [who["reference"], version, *names, *_totals(), *texts, *(who[name] for name in ARRIVAL)]
    return made(submissions.order_by("received_at", "pk"), columns, audience)


def _said() -> Any:
    """The text and below it the rows of proposed wording."""
    rows = proposals_of("pk")
    return Case(
        When(~Exists(Proposal.objects.filter(contribution=OuterRef("pk"))), then=F("text")),
        When(text="", then=rows),
        default=Concat(F("text"), Value("\n\n"), rows, output_field=TextField()),
        output_field=TextField(),
    )


def _stakeholders(
    submissions: QuerySet[Submission], consultation: Consultation, audience: Audience, theme: Theme | None
) -> Table:
    who = stakeholder("")
    if audience is Audience.PUBLIC:
        named = submissions.filter(consent=Consent.NAMED).annotate(published=F("consent"))
        columns = published_as("", "region", "late")
        return made(named.order_by("organisation", "contact_name", "pk"), columns, audience)
    columns = [who[name] for name in who if name not in ARRIVAL]
    return made(
        submissions.order_by("received_at", "pk"), [*columns, *_totals(), *(who[name] for name in ARRIVAL)], audience
    )


# --- a compilation: what a drafter reads on one area, group by group ------------------------------------------------


def compilation(submissions: QuerySet[Submission], *, theme: Theme, audience: Audience | str) -> Table:
    """What was written on one theme, sorted by stakeholder group: the cells that compilation.py makes a text of."""
    audience = Audience(audience)
    texts = _texts_of(_offered(submissions, theme.consultation, audience), theme)
    who = stakeholder("submission__")
    said = [
        Column("language", F("submission__language"), who["language"].meaning),
        *said_for(audience, "Wording proposed for numbered paragraphs."),
    ]
    places = [When(submission__stakeholder_group=code, then=Value(n)) for n, code in enumerate(StakeholderGroup.values)]
    by_group = Case(*places, default=Value(len(places)))
    if audience is Audience.PUBLIC:
        by_group = Case(When(published=Consent.NAMED, then=by_group), default=Value(len(places)))
        reference, sender, group, country, region = published_as("submission__", "region")
        ordered = published(texts).order_by(by_group, if_named("submission__reference"), MD5("text"))
    else:
        reference, group, country, region = (
            who[name] for name in ("reference", "stakeholder_group", "country", "region")
        )
        organisation = F("submission__organisation")
        # Who may not see names reads the organisation alone.
        name = Case(
            When(~Q(submission__organisation=""), then=organisation),
            default=F("submission__contact_name") if audience is Audience.FULL else Value(""),
            output_field=TextField(),
        )
        sender = Column("sender", name, "Who it is from.", is_free=True)
        ordered = texts.order_by(by_group, "submission__received_at", "submission_id")
    return made(ordered, [group, reference, sender, country, region, *said], audience)
