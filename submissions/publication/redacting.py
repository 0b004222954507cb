"""What is held back, and the text as the public reads it. The SQL twin of `redacted` is in migration 0009.

A passage is named by its words, not by its place: it is blacked out wherever it stands in what a reference says on a
theme, also in a version that is sent later.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from submissions.models import Contribution, PublicationDecision, Redaction, Submission
from submissions.normal import normalise
from themes.intake import DatabaseClock
from themes.models import Theme

SHORTEST = 2  # characters: a single letter stands everywhere
BAR = "█████"  # of one length, so that it does not tell how long a name was
Decision = PublicationDecision.Decision


class NotThere(ValueError):
    """The passage does not stand in what was written; the message says so to whoever chose it."""


class Missing(ValueError):
    """A reason or a passage was not given."""


class Overtaken(Exception):
    """A colleague decided meanwhile. `now` is what stands, or None."""

    def __init__(self, now: PublicationDecision | None) -> None:
        super().__init__(str(now))
        self.now = now


def spans(said: str, passages: Sequence[str]) -> list[tuple[int, int]]:
    """Where in `said` the passages stand, as [start, end) in characters; those that touch or overlap are one."""
    found = sorted(span for passage in passages if passage for span in _each(said, passage))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _each(said: str, passage: str) -> Iterator[tuple[int, int]]:
    start = said.find(passage)
    while start >= 0:
        yield start, start + len(passage)
        start = said.find(passage, start + 1)


def redacted(said: str, passages: Sequence[str]) -> str:
    """The text with a bar in the place of each."""
    shown, hidden_to = "", 0
    for start, end in spans(said, passages):
        shown += said[hidden_to:start] + BAR
        hidden_to = end
    return shown + said[hidden_to:]


def said_on(reference: str, theme: Theme) -> list[str]:
    """All that the last version says on a theme, field by field: a passage stands within one of them."""
    last = Contribution.objects.filter(submission__reference=reference, theme=theme).order_by("-submission__version")
    one = last.prefetch_related("proposals").first()
    return fields_of(one) if one is not None else []


def fields_of(contribution: Contribution) -> list[str]:
    rows = (part for row in contribution.proposals.all() for part in (row.paragraph, row.wording, row.reason))
    return [contribution.text, *rows]


def passage_of(reference: str, theme: Theme, chosen: str) -> tuple[str, int]:
    """The passage as it stands there, and how often.

    Raises:
        Missing: nothing was chosen.
        NotThere: these words do not stand there.
    """
    passage = normalise(chosen)
    if len(passage.strip()) < SHORTEST:
        raise Missing(_("Choose a passage: select it in the text, or copy it here."))
    said = said_on(reference, theme)
    # What a mouse selects often has a blank or a line's end too many.
    for wanted in (passage, passage.strip()):
        if count := sum(len(list(_each(field, wanted))) for field in said):
            return wanted, count
    raise NotThere(_("These words do not stand in this text. Select them there, or copy them to the letter."))


def black_out(reference: str, theme: Theme, chosen: str, *, reason: str, by: Any) -> int:
    """Holds a passage back from publication. Twice is once.

    Returns:
        How often it stands in the text.
    """
    passage, count = passage_of(reference, theme, chosen)
    if not reason.strip():
        raise Missing(_("Say why it is blacked out."))
    row = Redaction(reference=reference, theme=theme, passage=passage, reason=reason.strip(), made_by=by)
    Redaction.objects.bulk_create([row], ignore_conflicts=True)
    return count


def decide_publication(
    submission: Submission, theme: Theme, decision: str, *, reason: str, by: Any, seen: str | None = None
) -> None:
    """Clears a contribution, withholds it with a reason, or with an empty decision leaves it to the consent again.

    Args:
        submission: the version that was read. The decision holds for its reference, but a text that was cleared is
            cleared for this version alone.
        seen: the `stamp` of the decision that the page showed; None decides over whatever is there.

    Raises:
        Missing: it is to be withheld and nobody said why.
        Overtaken: a colleague decided since the page was opened; nothing was changed.
    """
    if decision == Decision.WITHHELD and not reason.strip():
        raise Missing(_("Say why it is withheld."))
    with transaction.atomic():
        # Two who decide on one submission wait for each other here.
        Submission.objects.select_for_update().filter(reference=submission.reference, version=1).first()
        mine = PublicationDecision.objects.filter(reference=submission.reference, theme=theme)
        now = mine.select_related("decided_by").first()
        if seen is not None and seen != stamp(now):
            raise Overtaken(now)
        if not decision:
            mine.delete()
            return
        mine.update_or_create(
            reference=submission.reference,
            theme=theme,
            defaults={
                "decision": decision,
                "reason": reason.strip() if decision == Decision.WITHHELD else "",
                "version": submission.version,
                "decided_by": by,
                "decided_at": DatabaseClock(),
            },
        )


def stamp(decision: PublicationDecision | None) -> str:
    """What tells one decision from the next; empty where there is none."""
    return decision.decided_at.isoformat() if decision else ""


def cleared_before(reference: str = "submission__reference", version: str = "submission__version") -> Exists:
    """Of contributions: those that were cleared in an earlier version, so that nobody decided on what they say now."""
    return Exists(
        PublicationDecision.objects.filter(
            reference=OuterRef(reference),
            theme=OuterRef("theme"),
            decision=Decision.CLEARED,
            version__lt=OuterRef(version),
        )
    )


def withheld(reference: str = "submission__reference", theme: str = "theme") -> Exists:
    """Of contributions, or of rows that lead to one: those that do not go out."""
    return Exists(
        PublicationDecision.objects.filter(
            reference=OuterRef(reference), theme=OuterRef(theme), decision=Decision.WITHHELD
        )
    )


def held_back(submission: Submission) -> dict[int, list[Redaction]]:
    """Theme id to what is blacked out there."""
    found: dict[int, list[Redaction]] = {}
    for row in Redaction.objects.filter(reference=submission.reference).select_related("made_by"):
        found.setdefault(row.theme_id, []).append(row)
    return found


def decisions_on(references: Sequence[str]) -> QuerySet[PublicationDecision]:
    return PublicationDecision.objects.filter(reference__in=references).select_related("decided_by")
