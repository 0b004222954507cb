"""The next submission for somebody who has time: the oldest that nobody has taken, and to each another one."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from submissions.models import Review, Submission, Withdrawal
from submissions.queries.reviews import is_new, reviewed
from submissions.review.history import note_on_history
from themes.intake import DatabaseClock
from themes.models import Consultation

State = Review.State


def untaken(consultation: Consultation) -> QuerySet[Submission]:
    """What is new and nobody's, the oldest first."""
    standing = Submission.objects.standing().filter(is_new(), consultation=consultation)
    return standing.exclude(reviewed(assignee__isnull=False)).order_by("received_at", "pk")


def take_next(consultation: Consultation, *, by: Any) -> Submission | None:
    """Gives somebody the oldest that nobody has; None if there is none. Of two who ask at once each gets another."""
    with transaction.atomic():
        for submission in untaken(consultation).iterator(20):
            row = Review(consultation=consultation, reference=submission.reference)
            # Where a colleague is taking it right now, this waits for them, and then finds it taken.
            Review.objects.bulk_create([row], ignore_conflicts=True)
            free = Review.objects.filter(reference=submission.reference, state=State.NEW, assignee__isnull=True)
            review = free.select_for_update(skip_locked=True).first()
            if review is None:
                continue
            Review.objects.filter(pk=review.pk).update(
                assignee=by, version=review.version + 1, changed_by=by, changed_at=DatabaseClock()
            )
            note_on_history([submission], by, f"assigned: – → {by}")
            return submission
    return None


def left_for_each(consultation: Consultation) -> list[tuple[str, int]]:
    """How many each colleague has still to read, those with the most first."""
    withdrawn = Withdrawal.objects.filter(reference=OuterRef("reference"))
    busy = Review.objects.filter(~Exists(withdrawn), consultation=consultation, assignee__isnull=False)
    busy = busy.exclude(state__in=Review.FINISHED)
    return list(busy.values_list("assignee__username").annotate(n=Count("pk")).order_by("-n", "assignee__username"))
