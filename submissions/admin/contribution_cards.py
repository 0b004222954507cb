"""What was written, as the workspace reads it: each contribution with its marks, its bars and its decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString

from submissions.models import Consent, Contribution, Highlight, PublicationDecision, Redaction
from submissions.review.passages import marked
from submissions.review.redaction import decisions_on
from submissions.search.matching import Matcher
from submissions.search.terms import Terms

CONSENTS = dict(Consent.choices)
# Of each part of a text, where a search found something in it: start and end, in characters.
Places = list[list[tuple[int, int]]]


@dataclass(frozen=True)
class ContributionCard:
    """One contribution to be read.

    Attributes:
        rows: proposed wording, as (paragraph, wording, reason), drawn like the text.
        consent: how the stakeholder allows it to be published, in words.
        before: where it was cleared in an earlier version, what it said then.
    """

    contribution: Contribution
    text: SafeString
    rows: list[tuple[SafeString, SafeString, SafeString]]
    consent: str
    highlights: list[Highlight]
    redactions: list[Redaction]
    decision: PublicationDecision | None
    before: Contribution | None

    @property
    def version(self) -> int:
        """Of the decision, for optimistic locking; 0 where there is none."""
        return self.decision.version if self.decision else 0

    @property
    def misplaced(self) -> set[int]:
        """The redactions whose passage stands nowhere in this version: it may say the same in other words."""
        parts = self.contribution.content.parts()
        return {row.pk for row in self.redactions if not any(row.passage in part for part in parts)}

    @property
    def is_sent_again(self) -> bool:
        """Whether it was cleared in an earlier version than this."""
        if self.decision is None or not self.may_be_published:
            return False
        return self.decision.is_outdated_for(self.contribution.submission.version)

    @property
    def is_as_cleared(self) -> bool:
        """Whether it says, word for word, what it said when it was cleared."""
        return self.before is not None and self.before.content.parts() == self.contribution.content.parts()

    @property
    def is_allowed_otherwise(self) -> bool:
        """Whether it may be published in another way than when it was cleared."""
        return self.before is not None and self.before.consent != self.contribution.consent

    @property
    def may_be_published(self) -> bool:
        return self.contribution.consent != Consent.NONE


def contribution_cards(contributions: Iterable[Contribution], searched: Terms | None = None) -> list[ContributionCard]:
    """In three queries, five where something was sent again after it was cleared, however many there are.

    The contributions come with submission, theme and proposals.

    Args:
        searched: what the list was searched for, to be marked in the texts; two statements more, or a few.
    """
    texts = list(contributions)
    parts = [one.content.parts() for one in texts]
    places: Iterable[Places] = ([[] for _part in one] for one in parts)
    if searched and searched.wanted:
        places = Matcher(searched.wanted).places_in_each(parts, searched.wanted)
    references = list({one.submission.reference for one in texts})
    highlights = _by_place(Highlight.objects.filter(reference__in=references).select_related("tag"))
    redactions = _by_place(Redaction.objects.filter(reference__in=references).select_related("made_by"))
    decisions = _by_place(decisions_on(references))
    before = _as_cleared(texts, decisions)
    return [
        _article(
            one,
            before.get(one.pk),
            found,
            *(rows.get(_place(one), []) for rows in (highlights, redactions, decisions)),
        )
        for one, found in zip(texts, places, strict=True)
    ]


def _as_cleared(texts: list[Contribution], decisions: dict[tuple[str, int], list[Any]]) -> dict[int, Contribution]:
    """By the id of a contribution that was cleared in an earlier version: what it said then."""
    cleared = {
        one.pk: (*_place(one), decision.read_version)
        for one in texts
        for decision in decisions.get(_place(one), [])
        if decision.is_outdated_for(one.submission.version)
    }
    if not cleared:
        return {}
    earlier = Contribution.objects.filter(
        reduce(
            or_,
            (
                Q(submission__reference=reference, theme=theme, submission__version=version)
                for reference, theme, version in cleared.values()
            ),
        )
    )
    found = {
        (*_place(one), one.submission.version): one
        for one in earlier.select_related("submission").prefetch_related("proposals")
    }
    return {pk: found[key] for pk, key in cleared.items() if key in found}


def _by_place(rows: Iterable[Any]) -> dict[tuple[str, int], list[Any]]:
    found: dict[tuple[str, int], list[Any]] = {}
    for row in rows:
        found.setdefault((row.reference, row.theme_id), []).append(row)
    return found


def _place(contribution: Contribution) -> tuple[str, int]:
    return contribution.submission.reference, contribution.theme_id


def _article(  # noqa: PLR0917 - what was read of it, each once
    contribution: Contribution,
    before: Contribution | None,
    found: Places,
    highlights: list[Highlight],
    redactions: list[Redaction],
    decisions: list[PublicationDecision],
) -> ContributionCard:
    parts = contribution.content.parts()
    text, *rows = (marked(part, highlights, redactions, places) for part, places in zip(parts, found, strict=True))
    return ContributionCard(
        contribution,
        text=text,
        rows=list(zip(rows[::3], rows[1::3], rows[2::3], strict=True)),
        consent=str(CONSENTS.get(contribution.consent, contribution.consent)),
        highlights=highlights,
        redactions=redactions,
        decision=decisions[0] if decisions else None,
        before=before,
    )
