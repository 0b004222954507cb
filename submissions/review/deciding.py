"""The verbs of a review. A change over a newer one is refused, and tells whose it was: nothing goes unseen."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from submissions.models import Submission
from submissions.review.models import Highlight, Note, Review, Tag
from themes.intake import DatabaseClock

State = Review.State


class Changed(Exception):
    """A colleague changed the review since the page was opened."""

    def __init__(self, review: Review) -> None:
        super().__init__(review.reference)
        self.review = review


class NoReason(ValueError):
    """It is set aside, and nobody said why."""


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


def decide(submission: Submission, decision: Decision, *, by: Any, edition: int) -> Review:
    """Changes the review of one submission.

    Args:
        edition: what the page showed. Another one now means that a colleague was quicker.

    Raises:
        Changed: with the review as it stands now; nothing was changed.
        NoReason: it is to be set aside without one.
    """
    if decision.state == State.SET_ASIDE and not decision.reason.strip():
        raise NoReason(_("Say why it is set aside."))
    with transaction.atomic():
        review = _locked(submission)
        if review.edition != edition:
            raise Changed(review)
        said = _differences(review, decision)
        review.state = decision.state
        review.assignee = decision.assignee
        review.reason = decision.reason.strip() if decision.state == State.SET_ASIDE else ""
        # From the page of an earlier version nobody takes back what was read of a later one.
        review.read_version = max(review.read_version, submission.version)
        _save(review, by)
        review.tags.set(decision.tags)
        if decision.note.strip():
            Note.objects.create(reference=review.reference, author=by, text=decision.note.strip())
            said.append("note")
        _log([submission], by, "; ".join(said) or "looked at")
    return review


def decide_many(
    submissions: QuerySet[Submission],
    *,
    by: Any,
    state: str = "",
    reason: str = "",
    assignee: Any = None,
    is_assigned: bool = False,
    tags: Iterable[Tag] = (),
) -> int:
    """Changes the reviews of many submissions, and of each only what is named; tags are added and none removed.

    Returns:
        How many submissions that were.
    """
    if state == State.SET_ASIDE and not reason.strip():
        raise NoReason(_("Say why it is set aside."))
    with transaction.atomic():
        chosen = list(submissions.only("pk", "reference", "consultation_id", "version"))
        Review.objects.bulk_create(
            [Review(consultation_id=one.consultation_id, reference=one.reference) for one in chosen],
            ignore_conflicts=True,
        )
        reviews = Review.objects.filter(reference__in=[one.reference for one in chosen])
        # In one order, so that two who do this at once wait for each other and not both.
        locked = list(reviews.select_for_update().order_by("reference").values_list("pk", flat=True))
        values: dict[str, Any] = {"edition": F("edition") + 1, "changed_at": DatabaseClock(), "changed_by": by}
        if state:
            values |= {"state": state, "reason": reason.strip() if state == State.SET_ASIDE else ""}
            values["read_version"] = Greatest("read_version", _version_among(chosen))
        if is_assigned:
            values["assignee"] = assignee
        Review.objects.filter(pk__in=locked).update(**values)
        through = Review.tags.through
        through.objects.bulk_create(
            [through(review_id=pk, tag_id=tag.pk) for tag in tags for pk in locked], ignore_conflicts=True
        )
        said = [*([f"state: {state}"] if state else []), *([f"assigned: {assignee or '–'}"] if is_assigned else [])]
        _log(chosen, by, "; ".join([*said, *(f"tag: {tag}" for tag in tags)]))
    return len(chosen)


def _version_among(chosen: Iterable[Submission]) -> Subquery:
    """Of a review: the last version of its reference that was chosen."""
    mine = Submission.objects.filter(pk__in=[one.pk for one in chosen], reference=OuterRef("reference"))
    return Subquery(mine.order_by("-version").values("version")[:1])


def merge(tag: Tag, into: Tag, *, by: Any) -> int:
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
        Review.objects.filter(pk__in=had).update(edition=F("edition") + 1, changed_at=DatabaseClock(), changed_by=by)
        there = Highlight.objects.filter(
            tag=into, reference=OuterRef("reference"), theme=OuterRef("theme"), passage=OuterRef("passage")
        )
        Highlight.objects.filter(~Exists(there), tag=tag).update(tag=into)
        tag.delete()
    return len(had)


def _locked(submission: Submission) -> Review:
    """The row of the review, made if need be, and held until the transaction ends."""
    Review.objects.bulk_create(
        [Review(consultation_id=submission.consultation_id, reference=submission.reference)], ignore_conflicts=True
    )
    return Review.objects.select_for_update().get(reference=submission.reference)


def _save(review: Review, by: Any) -> None:
    review.edition += 1
    review.changed_by = by
    review.changed_at = DatabaseClock()
    review.save(force_update=True)


def _differences(review: Review, decision: Decision) -> list[str]:
    """What the history is told, in words that stay the same in every language."""
    said = []
    if review.state != decision.state:
        said.append(f"state: {review.state} → {decision.state}")
    if review.assignee != decision.assignee:
        said.append(f"assigned: {review.assignee or '–'} → {decision.assignee or '–'}")
    before, after = {tag.name for tag in review.tags.all()}, {tag.name for tag in decision.tags}
    said += [f"tag: {name}" for name in sorted(after - before)]
    said += [f"no longer tag: {name}" for name in sorted(before - after)]
    return said


def _log(submissions: Iterable[Submission], by: Any, message: str) -> None:
    """Onto the history page of each submission."""
    kind = ContentType.objects.get_for_model(Submission)
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                user_id=by.pk,
                content_type=kind,
                object_id=str(one.pk),
                object_repr=one.reference,
                action_flag=CHANGE,
                change_message=message,
            )
            for one in submissions
        ],
        batch_size=1000,
    )
