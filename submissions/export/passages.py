"""The tagged passages as a table, by the code frame: what a drafter takes along who has read everything once."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Lower, StrIndex
from django.utils.translation import gettext_lazy as _

from submissions.export.columns import Column, InUtc, above, of_last, sign_of, stakeholder
from submissions.export.scope import Scope
from submissions.export.table import LayoutNotOffered, Table, build_table
from submissions.models import Audience, Contribution, Highlight, Proposal, Submission
from themes.models import Consultation


def passages(
    submissions: QuerySet[Submission],
    consultation: Consultation,
    audience: Audience,
    scope: Scope,
    review: Callable[[str], list[Column]],
) -> Table:
    """One row for each tag on a passage of a reference that is among `submissions`, by tag, theme and time."""
    if audience is Audience.PUBLIC:
        raise LayoutNotOffered(_("What the secretariat marked is internal: tagged passages are not for the public."))
    # A passage belongs to a reference. Of several versions asked for, the last says who it is from.
    last = submissions.filter(reference=OuterRef("reference")).order_by("-version")
    rows = Highlight.objects.filter(reference__in=submissions.values("reference"))
    if scope.themes:
        rows = rows.filter(theme__in=scope.themes)
    if scope.texts is not None:
        here = scope.texts.filter(submission__reference=OuterRef("reference"), theme=OuterRef("theme"))
        rows = rows.filter(Exists(here.order_by()))
    rows = rows.annotate(last=Subquery(last.values("pk")[:1]))
    sender = stakeholder("")
    names = ("submitted_at", "submitting_as", "organisation", "stakeholder_group", "country", "region")
    columns = [
        Column("tag", F("tag__name"), "The code of the code frame.", is_free=True),
        Column("when_to_use_it", F("tag__description"), "What the code frame says the tag is for.", is_free=True),
        Column("theme_number", sign_of("theme__number"), "The area's number, or Q1, Q2 … for a general question."),
        Column("theme", F("theme__title_en"), "The area's title.", is_free=True),
        Column("passage", F("passage"), "The words that were marked, to the character.", is_free=True),
        Column("stands", _stands(), "yes, or no where what was sent last does not say it any more."),
        Column("reference", F("reference"), sender["reference"].meaning),
        *(of_last(last, sender[name]) for name in (*names, "contact_name", "email", "consent", "language")),
        Column("tagged_at", InUtc(F("made_at")), "When it was marked: ISO 8601, UTC."),
        Column("tagged_by", Coalesce(F("made_by__username"), Value("")), "By whom.", is_free=True),
        Column("under", above("tag__parent__name"), "The code that it stands under.", is_free=True),
        *review("reference"),
    ]
    return build_table(rows.order_by(Lower("tag__name"), "theme__number", "made_at", "pk"), columns, audience)


def _stands() -> Case:
    text = Contribution.objects.filter(submission=OuterRef("last"), theme=OuterRef("theme"))
    rows = Proposal.objects.filter(contribution__submission=OuterRef("last"), contribution__theme=OuterRef("theme"))
    is_there = Q(Exists(_saying(text, "text")))
    for field in ("paragraph", "wording", "reason"):
        is_there |= Q(Exists(_saying(rows, field)))
    return Case(When(is_there, then=Value("yes")), default=Value("no"), output_field=TextField())


def _saying(rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    saying: QuerySet[Any] = rows.annotate(place=StrIndex(field, OuterRef("passage"))).filter(place__gt=0)
    return saying
