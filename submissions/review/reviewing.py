"""The verbs of a review. A change over a newer one is refused, and tells whose it was: nothing goes unseen."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from submissions.edit_conflict import EditConflict
from submissions.models import Highlight, Note, Review, Submission, Tag
from submissions.review.double_coding import move_decisions
from submissions.review.history import note_on_history
from submissions.review.refusals import MissingInput
from themes.intake import DatabaseClock

State = Review.State


@dataclass(frozen=True)
class Decision:
    """What a reviewer chose on the page of one submission."""

    state: Review.State
    assignee: Any = None
    reason: str = ""
    tags: Collection[Tag] = ()
    note: str = ""


def review_of(submission: Submission) -> Review:
    """The review of a submission, or a new one that is not saved yet."""
    found = Review.objects.filter(reference=submission.reference).select_related("assignee", "changed_by").first()
    return found or Review(consultation_id=submission.consultation_id, reference=submission.reference)


def save_review(submission: Submission, decision: Decision, *, by: Any, version: int) -> Review:
    """Changes the review of one submission.

    Args:
        version: which one the page showed. Another one now means that a colleague was quicker.

    Raises:
        EditConflict: with the review as it stands now; nothing was changed.
        MissingInput: it is to be set aside without one.
    """
    if decision.state == State.SET_ASIDE and not decision.reason.strip():
        raise MissingInput(_("Say why it is set aside."))
    with transaction.atomic():
        review = _locked(submission)
        if review.version != version:
            raise EditConflict(review)
        changes = _differences(review, decision)
        review.state = decision.state
        review.assignee = decision.assignee
        review.reason = decision.reason.strip() if decision.state == State.SET_ASIDE else ""
        # From the page of an earlier version nobody takes back what was read of a later one.
        review.read_version = max(review.read_version, submission.version)
        _save(review, by)
        review.tags.set(decision.tags)
        if decision.note.strip():
            Note.objects.create(reference=review.reference, author=by, text=decision.note.strip())
            changes.append("note")
        note_on_history([submission], by, "; ".join(changes) or "looked at")
    return review


def merge_tags(tag: Tag, into: Tag, *, by: Any) -> int:
    """Gives everything tagged `tag` the tag `into`, passages too, and removes `tag`. Both are of one consultation.

    Returns:
        How many reviews had it.
    """
    if tag.consultation_id != into.consultation_id or tag.pk == into.pk:
        raise ValueError("Two tags of one consultation are merged.")
    with transaction.atomic():
        through = Review.tags.through
        had = list(through.objects.filter(tag_id=tag.pk).values_list("review_id", flat=True))
        through.objects.bulk_create([through(review_id=pk, tag_id=into.pk) for pk in had], ignore_conflicts=True)
        # A page that shows the one that is gone has not seen this, and writes over none of it.
        Review.objects.filter(pk__in=had).update(version=F("version") + 1, changed_at=DatabaseClock(), changed_by=by)
        existing = Highlight.objects.filter(
            tag=into, reference=OuterRef("reference"), theme=OuterRef("theme"), passage=OuterRef("passage")
        )
        Highlight.objects.filter(~Exists(existing), tag=tag).update(tag=into)
        _move_children(tag, into)
        move_decisions(tag, into)
        tag.delete()
    return len(had)


def _move_children(tag: Tag, into: Tag) -> None:
    """What stood under the one that goes stands beside or under the one that stays: there are two levels."""
    if into.parent_id == tag.pk:
        Tag.objects.filter(pk=into.pk).update(parent=None)
        into.parent = None
    Tag.objects.filter(parent=tag).exclude(pk=into.pk).update(parent=into.parent_id or into.pk)


def _locked(submission: Submission) -> Review:
    """The row of the review, made if need be, and held until the transaction ends."""
    Review.objects.bulk_create(
        [Review(consultation_id=submission.consultation_id, reference=submission.reference)], ignore_conflicts=True
    )
    return Review.objects.select_for_update().get(reference=submission.reference)


def _save(review: Review, by: Any) -> None:
    review.version += 1
    review.changed_by = by
    review.changed_at = DatabaseClock()
    review.save(force_update=True)


def _differences(review: Review, decision: Decision) -> list[str]:
    """What the history is told, in words that stay the same in every language."""
    changes = []
    if review.state != decision.state:
        changes.append(f"state: {review.state} → {decision.state}")
    if review.assignee != decision.assignee:
        changes.append(f"assigned: {review.assignee or '–'} → {decision.assignee or '–'}")
    before, after = {tag.name for tag in review.tags.all()}, {tag.name for tag in decision.tags}
    changes += [f"tag: {name}" for name in sorted(after - before)]
    changes += [f"no longer tag: {name}" for name in sorted(before - after)]
    return changes
