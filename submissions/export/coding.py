"""What was coded, as tables for whoever counts on: the tags of each submission, and how much stands under each tag."""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from submissions.export.columns import Column, above, english, of_last, stakeholder
from submissions.export.review_columns import without_set_aside
from submissions.export.scope import Scope
from submissions.export.table import LayoutNotOffered, Statement, Table, build_table
from submissions.models import Audience, Review, StakeholderGroup, Submission
from themes.models import QUESTIONS_AFTER, Consultation

INTERNAL = _("What the secretariat coded is internal: it is not for the public.")


def submission_tags(
    submissions: QuerySet[Submission],
    consultation: Consultation,
    audience: Audience,
    scope: Scope,
    review: Callable[[str], list[Column]],
) -> Table:
    """One row for each tag of a submission, by tag and time; a submission without one has none."""
    if audience is Audience.PUBLIC:
        raise LayoutNotOffered(INTERNAL)
    # A tag belongs to a reference. Of several versions asked for, the last says who it is from.
    last = submissions.filter(reference=OuterRef("review__reference")).order_by("-version")
    rows = Review.tags.through.objects.filter(review__reference__in=submissions.values("reference"))
    sender = stakeholder("")
    names = ("submitted_at", "submitting_as", "organisation", "stakeholder_group", "country", "region", "language")

    columns = [
        *_tag_columns(F("tag__name"), above("tag__parent__name"), F("tag__description")),
        Column("reference", F("review__reference"), sender["reference"].meaning),
        *(of_last(last, sender[name]) for name in (*names, "contact_name", "email")),
        *(column for column in review("review__reference") if column.header != "tags"),
    ]
    return build_table(rows.order_by(Lower("tag__name"), "review__reference"), columns, audience)


# What is coded as a whole counts on every area that the submission writes on; a passage on its own.
_COUNT = """
WITH chosen (text) AS ({texts}),
frame AS (
    SELECT tag.id, tag.name, coalesce(parent.name, '') AS under, tag.description
    FROM submissions_tag tag LEFT JOIN submissions_tag parent ON parent.id = tag.parent_id
    WHERE tag.consultation_id = %s
),
texts AS (
    SELECT sent.id, sent.reference, sent.stakeholder_group AS stakeholders, text.theme_id
    FROM submissions_contribution text
    JOIN submissions_submission sent ON sent.id = text.submission_id
    WHERE text.id IN (SELECT text FROM chosen)
),
coded AS (
    SELECT tagged.tag_id, texts.theme_id, texts.stakeholders, texts.id, NULL::bigint AS passage
    FROM texts
    JOIN submissions_review review ON review.reference = texts.reference
    JOIN submissions_review_tags tagged ON tagged.review_id = review.id
    UNION ALL
    SELECT marked.tag_id, texts.theme_id, texts.stakeholders, texts.id, marked.id
    FROM texts
    JOIN submissions_highlight marked ON marked.reference = texts.reference AND marked.theme_id = texts.theme_id
)
SELECT frame.name, frame.under, frame.description,
    CASE WHEN theme.number > %s THEN 'Q' || (theme.number - %s) ELSE theme.number::text END,
    theme.title, coalesce(%s::jsonb ->> coded.stakeholders, coded.stakeholders),
    count(DISTINCT coded.id)::integer, count(DISTINCT coded.passage)::integer
FROM coded
JOIN frame ON frame.id = coded.tag_id
JOIN themes_theme theme ON theme.id = coded.theme_id
GROUP BY frame.id, frame.name, frame.under, frame.description, theme.id, theme.number, theme.title, coded.stakeholders
ORDER BY lower(frame.name), theme.number, coded.stakeholders
"""


def tag_counts(
    submissions: QuerySet[Submission],
    consultation: Consultation,
    audience: Audience,
    scope: Scope,
    review: Callable[[str], list[Column]],
) -> Table:
    """One row for each tag, area and stakeholder group: how many submissions wrote on the area and have the tag, as a
    whole or on a passage there; and how many passages have it."""
    if audience is Audience.PUBLIC:
        raise LayoutNotOffered(INTERNAL)
    headers = {
        "theme_number": "The area's number, or Q1, Q2 … for a general question.",
        "theme": "The area's title.",
        "stakeholder_group": "The group that the stakeholders chose.",
        "submissions": "How many of the group wrote on the area and have the tag, there or as a whole. What stands "
        "under the tag has rows of its own; what was set aside is not counted.",
        "passages": "How many passages of theirs on the area have it.",
    }
    columns = [
        *_tag_columns(F("tag"), F("under"), F("when_to_use_it")),
        *(Column(name, F(name), meaning, is_free=name == "theme") for name, meaning in headers.items()),
    ]
    try:
        inner, params = scope.texts_of(without_set_aside(submissions)).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        inner, params = "SELECT NULL::bigint WHERE false", ()
    groups = json.dumps(english(StakeholderGroup.choices))
    given = (*params, consultation.pk, QUESTIONS_AFTER, QUESTIONS_AFTER, groups)
    keys = tuple(f"column_{number}" for number in range(len(columns)))
    return Table(tuple(columns), Statement(_COUNT.format(texts=inner), given), keys)


def _tag_columns(name: Any, under: Any, meaning: Any) -> list[Column]:
    return [
        Column("tag", name, "The code of the code frame.", is_free=True),
        Column("under", under, "The code that it stands under.", is_free=True),
        Column("when_to_use_it", meaning, "What the code frame says the tag is for.", is_free=True),
    ]
