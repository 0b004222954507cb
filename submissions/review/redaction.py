"""What is held back, and the text as the public reads it. The SQL twin of `redacted` is migrations/sql/redaction.sql.

A passage is named by its words, not by its place: it is blacked out wherever it stands in what a reference says on a
theme, also in a version that is sent later.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from submissions.edit_conflict import EditConflict
from submissions.mail import messages
from submissions.models import Contribution, PublicationDecision, Redaction, Submission
from submissions.queries.confirmed import is_confirmed
from submissions.review.refusals import MissingInput, PassageNotFound
from submissions.text.newlines import normalise_newlines
from themes.intake import DatabaseClock, database_now
from themes.models import Theme

MIN_PASSAGE_CHARACTERS = 2  # characters: a single letter stands everywhere
BAR = "█████"  # of one length, so that it does not tell how long a name was
Decision = PublicationDecision.Decision


def spans(text: str, passages: Sequence[str]) -> list[tuple[int, int]]:
    """Where in the text the passages stand, as [start, end) in characters; those that touch or overlap are one."""
    found = sorted(span for passage in passages if passage for span in _each(text, passage))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _each(text: str, passage: str) -> Iterator[tuple[int, int]]:
    start = text.find(passage)
    while start >= 0:
        yield start, start + len(passage)
        start = text.find(passage, start + 1)


def redacted(text: str, passages: Sequence[str]) -> str:
    """The text with a bar in the place of each."""
    shown, hidden_to = "", 0
    for start, end in spans(text, passages):
        shown += text[hidden_to:start] + BAR
        hidden_to = end
    return shown + text[hidden_to:]


def texts_on(reference: str, theme: Theme) -> list[str]:
    """All that the last version says on a theme, field by field: a passage stands within one of them."""
    last = Contribution.objects.filter(submission__reference=reference, theme=theme).order_by("-submission__version")
    one = last.prefetch_related("proposals").first()
    return one.content.parts() if one is not None else []


def find_passage(reference: str, theme: Theme, chosen: str) -> tuple[str, int]:
    """The passage as it stands there, and how often.

    Raises:
        Missing: nothing was chosen.
        NotThere: these words do not stand there.
    """
    passage = normalise_newlines(chosen)
    if len(passage.strip()) < MIN_PASSAGE_CHARACTERS:
        raise MissingInput(_("Choose a passage: select it in the text, or copy it here."))
    text = texts_on(reference, theme)
    # What a mouse selects often has a blank or a line's end too many.
    for wanted in (passage, passage.strip()):
        if count := sum(len(list(_each(field, wanted))) for field in text):
            return wanted, count
    raise PassageNotFound(_("These words are not in this text. Select them there, or copy them exactly."))


def redact(reference: str, theme: Theme, chosen: str, *, reason: str, by: Any) -> int:
    """Holds a passage back from publication. Twice is once.

    Returns:
        How often it stands in the text.
    """
    passage, count = find_passage(reference, theme, chosen)
    if not reason.strip():
        raise MissingInput(_("Say why it is blacked out."))
    row = Redaction(reference=reference, theme=theme, passage=passage, reason=reason.strip(), made_by=by)
    Redaction.objects.bulk_create([row], ignore_conflicts=True)
    return count


def decide_publication(
    submission: Submission,
    theme: Theme,
    decision: str,
    *,
    reason: str,
    by: Any,
    version: int | None = None,
    with_mail: bool = False,
) -> bool:
    """Clears a contribution, withholds it with a reason, or with an empty decision leaves it to the consent again.

    Args:
        submission: the version that was read. The decision holds for its reference, but a text that was cleared is
            cleared for this version alone.
        version: of the decision that the page showed, 0 for none; None decides over whatever there is.
        with_mail: whether whoever sent it is told that it is withheld, if their address is confirmed.

    Returns:
        Whether a mail is on its way.

    Raises:
        MissingInput: it is to be withheld and nobody said why.
        EditConflict: a colleague decided since the page was opened.
    """
    if decision == Decision.WITHHELD and not reason.strip():
        raise MissingInput(_("Say why it is withheld."))
    with transaction.atomic():
        # Two who decide on one submission wait for each other here, and for a new version of it.
        with connection.cursor() as cursor:
            cursor.execute("SELECT submissions_lock_reference(%s)", [submission.reference])
        decisions = PublicationDecision.objects.filter(reference=submission.reference, theme=theme)
        stored = decisions.select_related("decided_by").first()
        if version is not None and version != (stored.version if stored else 0):
            raise EditConflict(stored)
        if not decision:
            decisions.delete()
            return False
        is_same = stored is not None and (stored.decision, stored.reason) == (decision, reason.strip())
        decisions.update_or_create(
            reference=submission.reference,
            theme=theme,
            defaults={
                "decision": decision,
                "reason": reason.strip() if decision == Decision.WITHHELD else "",
                "read_version": submission.version,
                "decided_by": by,
                "decided_at": DatabaseClock(),
            },
        )
        if not with_mail or decision != Decision.WITHHELD or is_same:
            return False
        # To the address that was given last.
        last = Submission.objects.filter(reference=submission.reference).latest("version")
        if last.is_withdrawn or not last.email or not is_confirmed(last):
            return False
        messages.queue_withheld(last, theme, reason.strip(), at=database_now())
        return True


def redactions_of(submission: Submission) -> dict[int, list[Redaction]]:
    """Theme id to what is blacked out there."""
    found: dict[int, list[Redaction]] = {}
    for row in Redaction.objects.filter(reference=submission.reference).select_related("made_by"):
        found.setdefault(row.theme_id, []).append(row)
    return found


def decisions_on(references: Sequence[str]) -> QuerySet[PublicationDecision]:
    return PublicationDecision.objects.filter(reference__in=references).select_related("decided_by")
