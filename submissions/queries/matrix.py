"""Who said how much on what: code or area against stakeholder group, region or language, of what counts.

Of each cell three counts: submissions, distinct texts (what was sent word for word by many is one), and organisations.
The worker counts and keeps them; small rounds are counted when somebody asks.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from submissions.models import KeptMatrix, StakeholderGroup, Submission, Tag, language_name
from submissions.queries.tags import as_tree
from submissions.text.regions import region_label, region_names
from themes.intake import database_now
from themes.models import Consultation
from wsis.single_worker import single_worker

logger = logging.getLogger(__name__)

# The worker rests so many times as long as a count took.
RESTS, SHORTEST_REST = 20, timedelta(seconds=30)
COUNTED_AT_ONCE = 5_000  # submissions
AFTER_FAILURE = 600  # seconds
LOCK_SPACE = 0x4D415458  # "MATX" in ASCII, beside themes/lock.py's


class Rows(models.TextChoices):
    AREAS = "theme", _("Areas")
    CODES = "tag", _("Codes")


class Columns(models.TextChoices):
    GROUPS = "group", _("Stakeholder groups")
    REGIONS = "region", _("Regions")
    LANGUAGES = "language", _("Languages")


class Measure(models.TextChoices):
    """What a cell counts, in the order in which counts are kept."""

    SUBMISSIONS = "submissions", _("Submissions")
    TEXTS = "texts", _("Distinct texts")
    ORGANISATIONS = "organisations", _("Organisations")


# One count of each measure, by "row|column"; nothing before or after the stroke stands for all of them.
Cells = Mapping[str, list[int]]

_COUNT = """
WITH regions (country, region) AS (SELECT * FROM unnest(%s::text[], %s::text[])),
texts AS (
    SELECT sent.id AS submission, sent.reference, sent.stakeholder_group AS stakeholders, sent.language,
        coalesce(regions.region, sent.country) AS region, nullif(lower(sent.organisation), '') AS organisation,
        text.theme_id, coalesce(fingerprint.text_sha256, text.id::text) AS says
    FROM submissions_contribution text
    JOIN submissions_submission sent ON sent.id = text.submission_id
    LEFT JOIN regions ON regions.country = sent.country
    LEFT JOIN submissions_fingerprint fingerprint ON fingerprint.contribution_id = text.id
    WHERE sent.id IN ({standing})
),
placed AS (
    SELECT 'theme' AS kind, theme_id AS place, texts.* FROM texts
    UNION ALL
    SELECT 'tag', place, texts.* FROM texts
    JOIN submissions_review review ON review.reference = texts.reference
    JOIN submissions_review_tags tagged ON tagged.review_id = review.id
    JOIN submissions_tag tag ON tag.id = tagged.tag_id
    -- What has a tag counts under the one above it, too.
    CROSS JOIN LATERAL unnest(array_remove(ARRAY[tag.id, tag.parent_id], NULL)) AS place
)
SELECT kind, place, stakeholders, region, language, grouping(place, stakeholders, region, language),
    count(DISTINCT submission), count(DISTINCT says), count(DISTINCT organisation)
FROM placed
GROUP BY kind, GROUPING SETS (
    (place, stakeholders), (place, region), (place, language), (place), (stakeholders), (region), (language), ()
)
"""


def count_matrix(consultation: Consultation) -> dict[str, dict[str, Cells]]:
    """By rows and columns the cells in which there is something."""
    standing = Submission.objects.standing().filter(consultation=consultation).order_by().values("pk")
    statement, params = standing.query.sql_with_params()
    found: dict[str, dict[str, dict[str, list[int]]]] = {
        rows: {columns: {} for columns in Columns.values} for rows in Rows.values
    }
    regions = region_names()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(standing=statement), [list(regions), list(regions.values()), *params])
        for kind, place, group, region, language, grouped, *counts in cursor.fetchall():
            names = {"group": group, "region": region, "language": language}
            # A bit for each that was taken together: place, group, region, language.
            apart = [name for name, bit in (("group", 4), ("region", 2), ("language", 1)) if not grouped & bit]
            row = "" if grouped & 8 else str(place)
            for columns in apart or Columns.values:
                found[kind][columns][f"{row}|{names[columns] if apart else ''}"] = counts
    return found  # type: ignore[return-value]


def count_all() -> int:
    """Counts each consultation for which it is time. Returns how many."""
    with single_worker(LOCK_SPACE) as is_mine:
        return sum(map(_keep_safely, Consultation.objects.all())) if is_mine else 0


def _keep_safely(consultation: Consultation) -> bool:
    try:
        return keep_if_due(consultation)
    except Exception:
        # The others are counted all the same, and this one again after a rest.
        logger.exception("the matrix of %s", consultation)
        resting = {"as_of": database_now(), "seconds": AFTER_FAILURE / RESTS}
        KeptMatrix.objects.update_or_create(
            consultation=consultation, defaults=resting, create_defaults={**resting, "counted": {}}
        )
        return False


def keep_if_due(consultation: Consultation) -> bool:
    """The worker's part. Returns whether it was counted now."""
    kept = KeptMatrix.objects.filter(consultation=consultation).first()
    rest = max(SHORTEST_REST, RESTS * timedelta(seconds=kept.seconds)) if kept else SHORTEST_REST
    if kept and database_now() - kept.as_of < rest:
        return False
    as_of, began = database_now(), time.monotonic()
    counted = count_matrix(consultation)
    KeptMatrix.objects.update_or_create(
        consultation=consultation,
        defaults={"as_of": as_of, "seconds": time.monotonic() - began, "counted": counted},
    )
    return True


@dataclass(frozen=True)
class MatrixRow:
    """One code or area: what leads to it, its words, its cells in the columns' order, and all of it."""

    code: str
    label: str
    cells: list[int]
    total: int


@dataclass(frozen=True)
class Matrix:
    """What is shown. `as_of` is empty where it was counted just now."""

    columns: list[tuple[str, str]]
    rows: list[MatrixRow]
    totals: list[int]
    total: int
    as_of: datetime | None


def matrix_of(consultation: Consultation, rows: Rows, columns: Columns, measure: Measure) -> Matrix | None:
    """The matrix as the worker counted it last, or as it is now; None while there is too much to count here."""
    kept = KeptMatrix.objects.filter(consultation=consultation).first()
    is_small = not Submission.objects.filter(consultation=consultation)[COUNTED_AT_ONCE:].exists()
    if not is_small and kept is None:
        return None
    counted: Any = count_matrix(consultation) if is_small or kept is None else kept.counted
    if not counted:
        # The worker could not count it yet.
        return None
    cells: Cells = counted[rows][columns]
    at = Measure.values.index(measure)
    labels = list(_columns(columns, {key.partition("|")[2] for key in cells}))

    def count(row: str, column: str) -> int:
        return cells.get(f"{row}|{column}", [0, 0, 0])[at]

    return Matrix(
        columns=labels,
        rows=[
            MatrixRow(code, label, [count(code, column) for column, _label in labels], count(code, ""))
            for code, label in _rows(consultation, rows)
        ],
        totals=[count("", column) for column, _label in labels],
        total=count("", ""),
        as_of=None if is_small or kept is None else kept.as_of,
    )


def _rows(consultation: Consultation, rows: Rows) -> Iterator[tuple[str, str]]:
    if rows is Rows.AREAS:
        for theme in consultation.themes.all():
            yield str(theme.pk), f"{theme.sign}. {theme.title}"
    else:
        for tag in as_tree(Tag.objects.filter(consultation=consultation)):
            yield str(tag.pk), tag.path


def _columns(columns: Columns, there: set[str]) -> Iterator[tuple[str, str]]:
    """Groups and regions all of them, since an empty one says something; languages as they occur."""
    if columns is Columns.GROUPS:
        yield from ((code, str(label)) for code, label in StakeholderGroup.choices)
    elif columns is Columns.REGIONS:
        for name in dict.fromkeys(sorted(set(region_names().values()))):
            yield name, region_label(name)
    else:
        yield from sorted(((code, language_name(code)) for code in there if code), key=lambda pair: pair[1])
