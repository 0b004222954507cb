"""What the public reads: as far as each consent allows, less what the secretariat holds back; and from whom."""

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from submissions.export.columns import Column, Redacted, proposals_of, stakeholder
from submissions.models import (
    ANOTHER_LANGUAGE,
    OFFICIAL_LANGUAGES,
    SEVERAL_LANGUAGES,
    Audience,
    Consent,
    Contribution,
    Proposal,
    Redaction,
)
from submissions.queries.publication import own_consent, withheld

BARRED = " A black bar stands where the secretariat holds a passage back."


def published(texts: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """What goes out: what the consent allows, less what the secretariat withholds."""
    return texts.annotate(published=own_consent()).exclude(published=Consent.NONE).exclude(withheld())


def proposal_consent() -> Case:
    """How far a row of proposed wording may be published: as its contribution."""
    return Case(
        When(contribution__own_consent="", then=F("contribution__submission__consent")),
        default=F("contribution__own_consent"),
        output_field=CharField(),
    )


def published_proposals(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """The rows of what goes out."""
    held_back = withheld("contribution__submission__reference", "contribution__theme")
    return rows.annotate(published=proposal_consent()).exclude(published=Consent.NONE).exclude(held_back)


def allowed(consent: Any) -> Case:
    """How much a consent allows, as a number to compare: nothing, without a name, with it."""
    return Case(
        When(Exact(consent, Value(Consent.NAMED)), then=Value(2)),
        When(Exact(consent, Value(Consent.ANONYMOUS)), then=Value(1)),
        default=Value(0),
    )


def text_columns(audience: Audience, meaning: str) -> list[Column]:
    """The text and the proposed wording of a contribution, as this audience reads them."""
    is_public = audience is Audience.PUBLIC
    wording = proposals_of("pk", is_public=is_public)
    if is_public:
        return [
            Column("text", Redacted(F("text"), ""), "What was written." + BARRED, is_free=True),
            Column("proposals", wording, meaning + BARRED),
        ]
    return [
        Column("text", F("text"), "What was written, to the character.", is_free=True),
        Column("proposals", wording, meaning),
    ]


def word_column(audience: Audience) -> Column:
    """How many words it has. Of a text with a bar the public reads none: the count would tell how long the bar is."""
    meaning = "Words of the text and of the proposed wording, counted in any script."
    if audience is not Audience.PUBLIC:
        return Column("words", F("words"), meaning)
    bars = Redaction.objects.filter(reference=OuterRef("submission__reference"), theme=OuterRef("theme"))
    shown = Case(When(~Exists(bars), then=Cast("words", TextField())), default=Value(""), output_field=TextField())
    return Column("words", shown, meaning + " Empty where there is a bar.")


def language_column(submission: str, meaning: str, audience: Audience) -> Column:
    """Of a text without a name the public reads its language only if many write in it: a rare one tells whose it is."""
    language = f"{submission}language"
    if audience is not Audience.PUBLIC:
        return Column("language", F(language), meaning)
    is_shown = Q(published=Consent.NAMED) | Q(**{f"{language}__in": [*OFFICIAL_LANGUAGES, SEVERAL_LANGUAGES]})
    shown = Case(When(is_shown, then=F(language)), default=Value(ANOTHER_LANGUAGE), output_field=TextField())
    return Column("language", shown, f"{meaning} Of a text without a name: one of the six official ones, or “und”.")


def if_named(field: str) -> Case:
    """The value where the text is published with its author's name, and nothing elsewhere."""
    return Case(When(published=Consent.NAMED, then=F(field)), default=Value(""), output_field=TextField())


def published_as(submission: str, *more: str) -> list[Column]:
    """Who the public reads it is from: reference, name, group and country of those who agreed; nothing of others."""
    sender = stakeholder(submission)
    name = Case(
        When(Q(published=Consent.NAMED) & ~Q(**{f"{submission}organisation": ""}), then=F(f"{submission}organisation")),
        When(published=Consent.NAMED, then=F(f"{submission}contact_name")),
        default=Value(""),
        output_field=TextField(),
    )

    def if_named(header: str) -> Column:
        column = sender[header]
        expression = Case(
            When(published=Consent.NAMED, then=column.expression), default=Value(""), output_field=TextField()
        )
        return Column(header, expression, column.meaning)

    return [
        if_named("reference"),
        Column("published_as", name, "The organisation, or the person, if they agreed to be named.", is_free=True),
        if_named("stakeholder_group"),
        if_named("country"),
        *(if_named(name) for name in more),
    ]
