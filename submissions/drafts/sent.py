"""A draft beside what was sent from it."""

import uuid

from django.db.models import Q

from submissions.drafts.contents import contents_of, themes_of
from submissions.models import PROPOSED, Contribution, Draft, Submission, prefetched
from submissions.text.canonical import statement_of
from submissions.text.content import Contents

_ROWS = f"""
SELECT c.*, {PROPOSED.format(proposals="submissions_proposal")}
FROM submissions_contribution c WHERE c.submission_id = %s
"""  # noqa: S608 - our own words


def last_sent(draft: Draft | None) -> Submission | None:
    """The last version that this draft was sent as, with its withdrawal and its texts; None if it never was."""
    if draft is None or draft.was_sent is False:
        return None
    by_draft = Q(reference=draft.reference) if draft.reference else Q(sending_key=draft.sending_key)
    known = Submission.objects.select_related("withdrawal", "commitment")
    submission = known.filter(by_draft).order_by("-version").first()
    if submission is not None:
        submission.consultation = draft.consultation
        rows = list(Contribution.objects.raw(_ROWS, [submission.pk]))
        themes = themes_of(draft.consultation, [row.theme_id for row in rows])
        for row in rows:
            row.theme, row.submission = themes[row.theme_id], submission
        prefetched(submission, "contributions", rows)
    return submission


def is_changed(draft: Draft, contents: Contents, submission: Submission) -> bool:
    """Whether the draft, whose `contents` would be sent, says something else than what was sent."""
    return statement_of(draft.answers(), contents) != statement_of(submission.answers(), submission.contents)


def is_unsent(draft: Draft) -> bool:
    """Whether the draft holds something that was not sent as it is."""
    submission, contents = last_sent(draft), contents_of(draft)
    return bool(contents) if submission is None else is_changed(draft, contents, submission)


def note_sent(draft: Draft, submission: Submission) -> None:
    """Remembers what the draft became, and makes the key of its next sending.

    Not in the sending's own transaction, and need not be: if it is missed, the key finds what was sent.
    """
    Draft.objects.filter(pk=draft.pk, sending_key=submission.sending_key).update(
        reference=submission.reference, sending_key=uuid.uuid4()
    )
