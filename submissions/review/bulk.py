"""Many reviews changed at once, with a way back for a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from submissions.models import BulkChange, FormerReview, PublicationDecision, Review, Submission, Tag
from submissions.review.bulk_publication import decide_many, put_back
from submissions.review.history import note_on_history
from submissions.review.refusals import MissingInput
from themes.intake import DatabaseClock, database_now

State = Review.State
UNDO_FOR = timedelta(days=1)
BATCH = 1_000
_THROUGH: Any = Review.tags.through


@dataclass(frozen=True)
class Wanted:
    """What is to become of each; what is left empty stays as it is."""

    state: str = ""
    reason: str = ""
    assignee: Any = None
    is_assigned: bool = False
    tags: Collection[Tag] = ()
    tags_off: Collection[Tag] = ()
    decision: str = ""
    why_withheld: str = ""

    def in_words(self, consultation: int | None = None) -> str:
        """As the history has it; of one consultation its own tags alone."""

        def named(word: str, tags: Collection[Tag]) -> list[str]:
            return [f"{word}: {tag}" for tag in tags if consultation in {None, tag.consultation_id}]

        return "; ".join(
            [
                *([f"state: {self.state}"] if self.state else []),
                *([f"assigned: {self.assignee or '–'}"] if self.is_assigned else []),
                *named("tag", self.tags),
                *named("tag taken off", self.tags_off),
                *([f"publication: {self.decision}"] if self.decision else []),
            ]
        )


class CannotUndo(ValueError):
    """It was undone before, or is older than a day; the message says which."""


def save_reviews(submissions: QuerySet[Submission], wanted: Wanted, *, by: Any) -> BulkChange:
    """Changes the reviews of many submissions, and of each only what is named.

    A tag goes to the submissions of its own consultation only.

    Raises:
        MissingInput: they are to be set aside without a reason.
    """
    if wanted.state == State.SET_ASIDE and not wanted.reason.strip():
        raise MissingInput(_("Say why it is set aside."))
    if wanted.decision == PublicationDecision.Decision.WITHHELD and not wanted.why_withheld.strip():
        raise MissingInput(_("Say why it is withheld."), field="why_withheld")
    with transaction.atomic():
        chosen = list(submissions.only("pk", "reference", "consultation_id", "version"))
        references = [one.reference for one in chosen]
        Review.objects.bulk_create(
            [Review(consultation_id=one.consultation_id, reference=one.reference) for one in chosen],
            ignore_conflicts=True,
        )
        # In one order, so that two who do this at once wait for each other and not both.
        reviews = list(Review.objects.filter(reference__in=references).select_for_update().order_by("reference"))
        decided = (
            decide_many(chosen, wanted.decision, reason=wanted.why_withheld.strip(), by=by, at=database_now())
            if wanted.decision
            else {}
        )
        change = _note_before(reviews, wanted, decided, count=len(chosen), by=by)
        ids = [review.pk for review in reviews]
        values: dict[str, Any] = {"version": F("version") + 1, "changed_at": DatabaseClock(), "changed_by": by}
        if wanted.state:
            reason = wanted.reason.strip() if wanted.state == State.SET_ASIDE else ""
            values |= {"state": wanted.state, "reason": reason}
            values["read_version"] = Greatest("read_version", _version_among(chosen))
        if wanted.is_assigned:
            values["assignee"] = wanted.assignee
        Review.objects.filter(pk__in=ids).update(**values)
        _THROUGH.objects.filter(review__in=ids, tag__in=list(wanted.tags_off)).delete()
        # A tag is of one consultation, and so are the reviews that have it.
        _THROUGH.objects.bulk_create(
            [
                _THROUGH(review_id=review.pk, tag_id=tag.pk)
                for tag in wanted.tags
                for review in reviews
                if tag.consultation_id == review.consultation_id
            ],
            ignore_conflicts=True,
        )
        for consultation in {one.consultation_id for one in chosen}:
            rows = [one for one in chosen if one.consultation_id == consultation]
            note_on_history(rows, by, wanted.in_words(consultation))
    return change


def _note_before(reviews: list[Review], wanted: Wanted, decided: dict[str, Any], *, count: int, by: Any) -> BulkChange:
    now = database_now()
    # What can no longer be undone need not be known any more.
    BulkChange.objects.filter(changed_at__lt=now - UNDO_FOR).delete()
    change = BulkChange.objects.create(changed_by=by, summary=wanted.in_words(), count=count)
    tags = _tags_of(review.pk for review in reviews)
    FormerReview.objects.bulk_create(
        [
            FormerReview(
                change=change,
                reference=one.reference,
                before={
                    **{name: getattr(one, name) for name in ("state", "reason", "assignee_id", "read_version")},
                    "tags": tags[one.pk],
                    **({"publication": decided[one.reference]} if one.reference in decided else {}),
                },
                version=one.version + 1,
            )
            for one in reviews
        ],
        BATCH,
    )
    return change


def _tags_of(reviews: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for review, tag in _THROUGH.objects.filter(review__in=list(reviews)).values_list("review_id", "tag_id"):
        found[review].append(tag)
    return found


def undoable(by: Any) -> QuerySet[BulkChange]:
    """What this person changed within the last day and has not taken back."""
    since = database_now() - UNDO_FOR
    return BulkChange.objects.filter(changed_by=by, changed_at__gte=since, undone_at__isnull=True)


def undo(change: BulkChange, *, by: Any) -> tuple[int, int]:
    """Puts each review back as it was, unless somebody has changed it since.

    Returns:
        How many are as they were, and how many were changed since and stay.

    Raises:
        CannotUndo: it was undone before, or is too old.
    """
    with transaction.atomic():
        locked = BulkChange.objects.select_for_update().filter(pk=change.pk).first()
        if locked is None or locked.changed_at < database_now() - UNDO_FOR:
            raise CannotUndo(_("A change of many can be undone for a day."))
        if locked.undone_at is not None:
            raise CannotUndo(_("This was undone already."))
        former = {one.reference: one for one in locked.former_reviews.all()}
        reviews = list(Review.objects.filter(reference__in=former).select_for_update().order_by("reference"))
        back = [review for review in reviews if review.version == former[review.reference].version]
        known = set(Tag.objects.values_list("pk", flat=True))
        people = set(get_user_model()._default_manager.values_list("pk", flat=True))
        tags = []
        for review in back:
            before = former[review.reference].before
            review.state, review.reason = before["state"], before["reason"]
            review.assignee_id = before["assignee_id"] if before["assignee_id"] in people else None
            review.read_version = before["read_version"]
            review.version, review.changed_by = review.version + 1, by
            # A tag that was merged or removed meanwhile does not come back.
            tags += [_THROUGH(review_id=review.pk, tag_id=tag) for tag in before["tags"] if tag in known]
        fields = ["state", "reason", "assignee", "read_version", "version", "changed_by"]
        Review.objects.bulk_update(back, fields, BATCH)
        _follow(locked, back, {one.reference: one.version - 1 for one in former.values()})
        ids = [review.pk for review in back]
        Review.objects.filter(pk__in=ids).update(changed_at=DatabaseClock())
        _THROUGH.objects.filter(review__in=ids).delete()
        _THROUGH.objects.bulk_create(tags, BATCH)
        put_back(
            {
                review.reference: before["publication"]
                for review in back
                if "publication" in (before := former[review.reference].before)
            }
        )
        latest = Submission.objects.latest_versions().filter(reference__in=[review.reference for review in back])
        note_on_history(latest.only("pk", "reference"), by, f"undone: {locked.summary}")
        BulkChange.objects.filter(pk=locked.pk).update(undone_at=DatabaseClock(), undone_by=by)
    return len(back), len(former) - len(back)


def _follow(undone: BulkChange, back: list[Review], before: dict[str, int]) -> None:
    """An earlier change can be undone after a later one was: it finds the version that it left, under a new number."""
    now = {review.reference: review.version for review in back}
    rows = [
        row
        for row in FormerReview.objects.filter(reference__in=now).exclude(change=undone)
        if row.version == before[row.reference]
    ]
    for row in rows:
        row.version = now[row.reference]
    FormerReview.objects.bulk_update(rows, ["version"], BATCH)


def _version_among(chosen: Iterable[Submission]) -> Subquery:
    """Of a review: the last version of its reference that was chosen."""
    versions = Submission.objects.filter(pk__in=[one.pk for one in chosen], reference=OuterRef("reference"))
    return Subquery(versions.order_by("-version").values("version")[:1])
