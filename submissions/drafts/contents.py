"""What a draft holds, area by area, and what of it would be sent."""

from collections.abc import Mapping

from submissions.models import Draft, DraftContribution
from submissions.text.content import Content
from themes.models import Theme


def contributions_of(draft: Draft | None) -> dict[int, DraftContribution]:
    """Theme id to the draft's row on it, left out or not, in the themes' order. Empty where there is no draft."""
    if draft is None:
        return {}
    rows = draft.contributions.select_related("theme__consultation").prefetch_related("proposals")
    return {row.theme_id: row for row in rows}


def contents_to_send(rows: Mapping[int, DraftContribution]) -> dict[Theme, Content]:
    """What would be sent, in the themes' order: neither what is empty nor what is left out on purpose."""
    return {row.theme: row.content for row in rows.values() if not row.is_left_out and not row.content.is_empty}


def contents_of(draft: Draft | None) -> dict[Theme, Content]:
    """What would be sent of `draft`, read afresh."""
    return contents_to_send(contributions_of(draft))
