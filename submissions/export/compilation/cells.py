"""What a drafter reads on an area, as cells: the texts, with near-identical ones together, and the proposed wording."""

from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When, Window
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.db.models.lookups import Exact

from submissions.export.columns import Column, ParagraphNumber, Redacted, sign_of, stakeholder
from submissions.export.public_audience import (
    if_named,
    language_column,
    proposal_consent,
    published,
    published_as,
    published_proposals,
    text_columns,
)
from submissions.export.scope import Scope
from submissions.export.table import Table, build_table
from submissions.models import (
    Audience,
    Consent,
    Contribution,
    Proposal,
    Redaction,
    Review,
    StakeholderGroup,
    Submission,
)
from submissions.queries.publication import own_consent
from submissions.queries.reviews import reviewed
from themes.models import Theme

# Beside a text; what each says is for the reader's language (chapters.py).
LATE, NOT_PUBLISHED, SET_ASIDE = "late", "none", "set-aside"


def text_cells(submissions: QuerySet[Submission], scope: Scope, theme: Theme, audience: Audience) -> Table:
    """What was written on one area, by stakeholder group, and after it what came from many nearly alike.

    Of a group of near-identical texts the first row holds the one that most of them sent, to the letter.
    """
    texts = scope.texts_of(submissions, theme=theme)
    about = stakeholder("submission__")
    by_group = _place_of_group("submission__")
    if audience is Audience.PUBLIC:
        texts = published(texts)
        by_group = Case(When(published=Consent.NAMED, then=by_group), default=Value(len(StakeholderGroup)))
        sender = published_as("submission__", "region")
        order: list[Any] = [by_group, if_named("submission__reference"), MD5("text")]
    else:
        sender = _sender("submission__", audience)
        order = [by_group, "submission__received_at", "submission_id"]
    columns = [
        *sender,
        language_column("submission__", about["language"].meaning, audience),
        text_columns(audience, "")[0],
        Column("marks", _marks("submission__", own_consent(), audience), "late, none, set-aside."),
        Column("campaign", _as_text("near"), "The group of near-identical texts; empty for any other text."),
        Column("campaign_size", Case(When(near__isnull=False, then=F("alike")), default=Value(0)), "How many it has."),
        Column("same", F("same"), "How many of them are the same as this one to the letter."),
        Column("says", _as_text("says"), "What is the same for texts that are the same to the letter."),
    ]
    alike: Any = _with_near_identical(texts, audience)
    first_those_alone = Case(When(near__isnull=True, then=Value(0)), default=Value(1))
    largest = Case(When(near__isnull=True, then=Value(0)), default=-F("alike"))
    commonest = Case(When(near__isnull=True, then=Value(0)), default=-F("same"))
    ordered = alike.order_by(first_those_alone, largest, "near", commonest, "says", *order)
    return build_table(ordered, columns, audience)


def _with_near_identical(texts: QuerySet[Contribution], audience: Audience) -> QuerySet[Contribution]:
    """Each with `alike`, how many of these are nearly the same; `near`, their group, where there are more than one;
    `says` and `same`, what is the same to the letter and how many of those there are."""
    is_shown = ~Q(text="")
    if audience is Audience.PUBLIC:
        # A text with a bar stands alone: the one that it is the same as would say what is under the bar.
        bars = Redaction.objects.filter(reference=OuterRef("submission__reference"), theme=OuterRef("theme"))
        is_shown &= ~Q(Exists(bars))
    group = Case(When(is_shown, then=F("fingerprint__group")))
    counted = texts.annotate(
        group=group, alike=Window(Count("group"), partition_by=[F("group")]), sum=F("fingerprint__text_sha256")
    )
    near = Case(When(alike__gt=1, then=F("group")))
    says = Case(When(alike__gt=1, then=F("sum")), default=Value(""), output_field=TextField())
    return counted.annotate(near=near, says=says, same=Window(Count("pk"), partition_by=[F("group"), F("sum")]))


def wording_cells(submissions: QuerySet[Submission], scope: Scope, audience: Audience) -> Table:
    """The wording proposed there, in the order of the document's paragraphs."""
    texts = scope.texts_of(submissions).order_by()
    rows = Proposal.objects.filter(contribution__in=texts.values("pk"))
    rows = rows.annotate(by_number=ParagraphNumber("paragraph"))
    way = "contribution__submission__"
    written: list[Any] = [F("paragraph"), F("wording"), F("reason")]
    by_paragraph: list[Any] = [F("by_number").asc(nulls_last=True), "paragraph"]
    if audience is Audience.PUBLIC:
        rows = published_proposals(rows)
        written = [Redacted(one, "contribution__") for one in written]
        sender = published_as(way, "region")
        # In an order that says nothing of whose the unnamed ones are.
        order: list[Any] = [F("published").desc(), if_named(f"{way}reference"), MD5("wording"), MD5("reason")]
    else:
        sender = _sender(way, audience)
        order = [f"{way}received_at", "contribution_id", "position"]
    paragraph, wording, reason = written
    columns = [
        Column("paragraph", paragraph, "The paragraph's number, as it was given.", is_free=True),
        Column("area", sign_of("contribution__theme__number"), "The area under which it was proposed."),
        *sender,
        Column("wording", wording, "The wording proposed.", is_free=True),
        Column("reason", reason, "Why, in the stakeholder's words.", is_free=True),
        Column("marks", _marks(way, proposal_consent(), audience), "late, none, set-aside."),
    ]
    return build_table(rows.order_by(*by_paragraph, *order), columns, audience)


def passage_marks(audience: Audience) -> Column:
    """Beside a passage: as beside the text that it stands in, or else as its submission."""
    text = Contribution.objects.filter(submission=OuterRef("last"), theme=OuterRef("theme"))
    sent = Submission.objects.filter(pk=OuterRef("last"))
    either = Coalesce(
        _first(text, _marks("submission__", own_consent(), audience)),
        _first(sent, _marks("", F("consent"), audience)),
        Value(""),
        output_field=TextField(),
    )
    return Column("marks", either, "late, none, set-aside.")


def _first(rows: Any, what: Any) -> Subquery:
    return Subquery(rows.annotate(beside=what).values("beside")[:1])


def _place_of_group(submission: str) -> Case:
    places = [
        When(**{f"{submission}stakeholder_group": code}, then=Value(n)) for n, code in enumerate(StakeholderGroup)
    ]
    return Case(*places, default=Value(len(places)))


def _sender(submission: str, audience: Audience) -> list[Column]:
    """From whom, for colleagues. Who may not see names reads the organisation alone."""
    about = stakeholder(submission)
    name = Case(
        When(~Q(**{f"{submission}organisation": ""}), then=F(f"{submission}organisation")),
        default=F(f"{submission}contact_name") if audience is Audience.FULL else Value(""),
        output_field=TextField(),
    )
    sender = Column("sender", name, "Who it is from.", is_free=True)
    return [about["reference"], sender, about["stakeholder_group"], about["country"], about["region"]]


def _marks(submission: str, consent: Any, audience: Audience) -> Any:
    """Words apart that a reader is to see beside a text; the public reads of a named one whether it was late."""
    is_late = Q(**{f"{submission}admission__is_late": True})
    if audience is Audience.PUBLIC:
        return Case(When(is_late & Q(published=Consent.NAMED), then=Value(LATE)), default=Value(""))
    is_set_aside = Q(reviewed(f"{submission}reference", state=Review.State.SET_ASIDE))
    is_private = Case(When(Exact(consent, Value(Consent.NONE)), then=Value(f"{NOT_PUBLISHED} ")), default=Value(""))
    late, aside = (
        Case(When(condition, then=Value(f"{mark} ")), default=Value(""))
        for condition, mark in ((is_late, LATE), (is_set_aside, SET_ASIDE))
    )
    return Concat(late, is_private, aside, output_field=TextField())


def _as_text(name: str) -> Coalesce:
    return Coalesce(Cast(name, TextField()), Value(""), output_field=TextField())
