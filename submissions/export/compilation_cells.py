"""What a drafter reads on one area, group by group, as cells: compilation.py makes a text of them."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import MD5, Concat

from submissions.export.columns import Column, stakeholder
from submissions.export.layouts import offered, texts_of
from submissions.export.public_audience import if_named, language_column, published, published_as, text_columns
from submissions.export.review_columns import without_set_aside
from submissions.export.table import Table, build_table
from submissions.models import Audience, Consent, Review, StakeholderGroup, Submission
from submissions.queries.reviews import reviewed
from themes.models import Theme


def compilation(
    submissions: QuerySet[Submission], *, theme: Theme, audience: Audience | str, with_set_aside: bool = False
) -> Table:
    """What was written on one theme, sorted by stakeholder group: the cells that compilation.py makes a text of.

    Args:
        with_set_aside: also what the secretariat set aside, marked so; else it is left out.
    """
    audience = Audience(audience)
    chosen = offered(submissions, theme.consultation, audience)
    texts = texts_of(chosen if with_set_aside else without_set_aside(chosen), theme)
    about = stakeholder("submission__")
    written = [
        language_column("submission__", about["language"].meaning, audience),
        *text_columns(audience, "Wording proposed for numbered paragraphs."),
    ]
    places = [When(submission__stakeholder_group=code, then=Value(n)) for n, code in enumerate(StakeholderGroup.values)]
    by_group = Case(*places, default=Value(len(places)))
    if audience is Audience.PUBLIC:
        by_group = Case(When(published=Consent.NAMED, then=by_group), default=Value(len(places)))
        reference, sender, group, country, region = published_as("submission__", "region")
        ordered = published(texts).order_by(by_group, if_named("submission__reference"), MD5("text"))
    else:
        reference, group, country, region = (
            about[name] for name in ("reference", "stakeholder_group", "country", "region")
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
    marks = Column("marks", _marks(audience), "late, none (not to be published), set-aside.")
    return build_table(ordered, [group, reference, sender, country, region, *written, marks], audience)


def _marks(audience: Audience) -> Any:
    """Words apart that a reader is to see beside a text; the public reads of a named one whether it was late."""
    is_late = Q(submission__admission__is_late=True)
    if audience is Audience.PUBLIC:
        return Case(When(is_late & Q(published=Consent.NAMED), then=Value("late")), default=Value(""))
    is_private = Q(own_consent=Consent.NONE) | Q(own_consent="", submission__consent=Consent.NONE)
    is_set_aside = Q(reviewed("submission__reference", state=Review.State.SET_ASIDE))
    marks = [
        Case(When(condition, then=Value(f"{mark} ")), default=Value(""))
        for mark, condition in (("late", is_late), ("none", is_private), ("set-aside", is_set_aside))
    ]
    return Concat(*marks, output_field=TextField())
