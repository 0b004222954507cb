"""Colleagues hear by mail what was given to them to read: once a day at most, however often that was."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Q

from submissions.mail import messages
from submissions.models import AssignmentNotice, Review
from themes.intake import database_now

AT_MOST_EVERY = timedelta(days=1)
# What is stamped may take some moments to its COMMIT, and must not fall behind what was told already.
COMMIT_MARGIN = timedelta(minutes=2)


def tell_assigned() -> int:
    """Queues a mail to each who was given something since they were told last. Twice at once is once.

    Returns:
        How many were told.
    """
    at = database_now()
    waiting = Review.objects.filter(assigned_at__isnull=False).order_by().values("assignee").distinct()
    people = User.objects.filter(pk__in=waiting, is_active=True, is_staff=True).exclude(email="")
    return sum(_tell(user, at) for user in people.order_by("pk"))


def _tell(user: User, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        AssignmentNotice.objects.bulk_create([AssignmentNotice(user=user)], ignore_conflicts=True)
        notice = AssignmentNotice.objects.select_for_update().get(user=user)
        if notice.told_at is not None and at < notice.told_at + AT_MOST_EVERY:
            return False
        since = Q(assigned_at__gt=notice.told_until) if notice.told_until else Q()
        given = Review.objects.filter(since, assignee=user, assigned_at__lt=at - COMMIT_MARGIN)
        given = given.filter(state__in=[Review.State.NEW, Review.State.IN_REVIEW])
        last = given.aggregate(last=Max("assigned_at"))["last"]
        if last is None:
            return False
        messages.queue_assigned(user, given.count(), at=at)
        AssignmentNotice.objects.filter(pk=notice.pk).update(told_at=at, told_until=last)
        return True
