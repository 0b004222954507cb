"""Who is given something to read hears of it by mail, once a day at most, whoever gives it and in whichever way."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from submissions.models import AssignmentNotice, Mail, Review, Submission
from submissions.review import assignments, bulk, reviewing
from submissions.review.assignments import tell_assigned
from submissions.review.reviewing import Decision
from tests.factories import send
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _committed_at_once(monkeypatch):
    """But for the test that asks for it, nothing is so young that it may still be on its way."""
    monkeypatch.setattr(assignments, "COMMIT_MARGIN", timedelta(0))


@pytest.fixture
def reader(django_user_model):
    user = django_user_model.objects.create_user("reader", is_staff=True, email="reader@example.org")
    user.groups.add(Group.objects.get(name="Reviewer"))
    return user


def give(submission, to, by) -> None:
    version = Review.objects.filter(reference=submission.reference).values_list("version", flat=True).first() or 0
    reviewing.save_review(submission, Decision(Review.State.NEW, to, "", [], ""), by=by, version=version)


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.filter(recipient="reader@example.org").order_by("pk").values_list("subject", "body"))


def a_day_later() -> None:
    for notice in AssignmentNotice.objects.all():
        assert notice.told_at is not None
        AssignmentNotice.objects.update(told_at=notice.told_at - timedelta(days=1))


def test_once_a_day_with_all_that_came_since(consultation, reader, admin_user):
    first, second, third, fourth = (send(consultation, {1: "x"}).submission for _turn in range(4))
    assert tell_assigned() == 0
    give(first, reader, admin_user)
    bulk.save_reviews(
        Submission.objects.filter(pk=second.pk), bulk.Wanted(assignee=reader, is_assigned=True), by=admin_user
    )
    assert tell_assigned() == 1
    ((subject, body),) = mails()
    assert subject == "2 submissions for you to read"
    assert "2 submissions were given to you to read." in body
    assert "/admin/submissions/submission/?assignee=me" in body
    # Not again on the same day, and not of what is known.
    give(third, reader, admin_user)
    assert tell_assigned() == 0
    a_day_later()
    assert tell_assigned() == 1
    assert [one for one, _body in mails()][1:] == ["1 submission for you to read"]
    a_day_later()
    assert tell_assigned() == 0
    # What was changed in another way, and what they took themselves, is no news.
    reviewing.save_review(
        first,
        Decision(Review.State.IN_REVIEW, reader, "", [], "A note."),
        by=admin_user,
        version=Review.objects.get(reference=first.reference).version,
    )
    give(fourth, reader, reader)
    assert tell_assigned() == 0
    assert Review.objects.get(reference=fourth.reference).assigned_at is None


def test_nobody_without_an_address_or_a_place_here(consultation, reader, admin_user):
    sent = send(consultation, {1: "x"}).submission
    give(sent, reader, admin_user)
    for field, value in (("email", ""), ("is_active", False), ("is_staff", False)):
        before = getattr(reader, field)
        type(reader).objects.filter(pk=reader.pk).update(**{field: value})
        assert tell_assigned() == 0
        type(reader).objects.filter(pk=reader.pk).update(**{field: before})
    # What was taken back before anybody was told is no news either.
    give(sent, None, admin_user)
    assert tell_assigned() == 0


def test_what_may_not_be_committed_yet_waits(consultation, reader, admin_user, monkeypatch):
    give(send(consultation, {1: "x"}).submission, reader, admin_user)
    with monkeypatch.context() as later:
        later.setattr(assignments, "COMMIT_MARGIN", timedelta(minutes=2))
        assert tell_assigned() == 0
    assert tell_assigned() == 1


def test_what_is_read_already_is_no_news(consultation, reader, admin_user):
    sent = send(consultation, {1: "x"}).submission
    give(sent, reader, admin_user)
    Review.objects.update(state="reviewed")
    assert tell_assigned() == 0


def test_two_at_once_tell_once(consultation, reader, admin_user):
    give(send(consultation, {1: "x"}).submission, reader, admin_user)
    counts: list[int] = []
    at_once(*[lambda: counts.append(tell_assigned())] * 2)
    assert sorted(counts) == [0, 1]
    assert len(mails()) == 1
