"""What a draft holds, area by area, and what of it would be sent."""

from collections.abc import Collection, Mapping

from django.db import connection

from submissions.models import PROPOSED, Draft, DraftContribution
from submissions.text.content import Content
from themes.models import Consultation, Theme

_ROWS = f"""
SELECT c.*, {PROPOSED.format(proposals="submissions_draftproposal")}
FROM submissions_draftcontribution c WHERE c.draft_id = %s
"""  # noqa: S608 - our own words
_CHARACTERS_ELSEWHERE = """
SELECT coalesce(sum(length(c.text) + coalesce(p.length, 0)), 0)
FROM submissions_draftcontribution c LEFT JOIN LATERAL (
    SELECT sum(length(paragraph) + length(wording) + length(reason)) AS length
    FROM submissions_draftproposal WHERE contribution_id = c.id
) p ON true
WHERE c.draft_id = %s AND c.theme_id <> %s
"""


def themes_of(consultation: Consultation, wanted: Collection[int]) -> dict[int, Theme]:
    """Id to theme, in their order: as they are kept in the process, or read where one of those wanted is newer."""
    themes = {theme.pk: theme for theme in consultation.themes.all()}
    if not themes.keys() >= set(wanted):
        themes = {theme.pk: theme for theme in Theme.objects.filter(consultation=consultation).select_related("kind")}
    return themes


def contributions_of(draft: Draft | None) -> dict[int, DraftContribution]:
    """Theme id to the draft's row on it, left out or not, in the themes' order. Empty where there is no draft."""
    if draft is None:
        return {}
    rows = {row.theme_id: row for row in DraftContribution.objects.raw(_ROWS, [draft.pk])}
    themes = themes_of(draft.consultation, rows)
    for row in rows.values():
        row.theme = themes[row.theme_id]
    return {pk: rows[pk] for pk in themes if pk in rows}


def contribution_on(draft: Draft, theme: Theme) -> DraftContribution | None:
    """The draft's row on one theme."""
    return next(iter(DraftContribution.objects.raw(f"{_ROWS} AND c.theme_id = %s", [draft.pk, theme.pk])), None)


def characters_elsewhere(draft: Draft, theme: Theme) -> int:
    """What the draft's other themes take."""
    with connection.cursor() as cursor:
        cursor.execute(_CHARACTERS_ELSEWHERE, [draft.pk, theme.pk])
        return int(cursor.fetchone()[0])


def contents_to_send(rows: Mapping[int, DraftContribution]) -> dict[Theme, Content]:
    """What would be sent, in the themes' order: neither what is empty nor what is left out on purpose."""
    return {row.theme: row.content for row in rows.values() if not row.is_left_out and not row.content.is_empty}


def contents_of(draft: Draft | None) -> dict[Theme, Content]:
    """What would be sent of `draft`, read afresh."""
    return contents_to_send(contributions_of(draft))
