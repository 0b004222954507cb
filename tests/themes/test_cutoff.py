"""Recording that a cutoff has passed, and moving it."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from tests.factories import make_consultation, move_cutoff_behind_now
from tests.threads import at_once
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation, Extension

pytestmark = pytest.mark.django_db(transaction=True)


def test_closes_what_is_due_and_nothing_else():
    now = database_now()
    due = make_consultation(slug="due", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=3), themes=0)
    still_open = make_consultation(
        slug="open", opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=3), themes=0
    )
    assert cutoff_changes.close_due_consultations() == [due.pk]
    due.refresh_from_db()
    still_open.refresh_from_db()
    # Recorded when it should have happened, three days ago.
    assert (due.closed_at, still_open.closed_at) == (now - timedelta(days=3), None)
    assert cutoff_changes.close_due_consultations() == []


def test_eight_closers_at_once_have_one_winner(consultation):
    move_cutoff_behind_now(consultation)
    winners: list[list[int]] = []

    def close():
        winners.append(cutoff_changes.close_due_consultations())

    at_once(*[close] * 8)
    assert sorted(winners) == [[]] * 7 + [[consultation.pk]]


def test_moving_writes_the_public_history(consultation):
    before = consultation.closes_at
    user = get_user_model().objects.create_user("clerk")
    extension = cutoff_changes.move_cutoff(
        consultation_id=consultation.pk, closes_at=before + timedelta(days=10), reason="More time.", by=user
    )
    consultation.refresh_from_db()
    assert consultation.closes_at == before + timedelta(days=10)
    assert list(Extension.objects.values_list("previous_cutoff", "new_cutoff", "reason", "announced_by")) == [
        (before, before + timedelta(days=10), "More time.", user.pk)
    ]
    assert abs(extension.announced_at - database_now()) < timedelta(minutes=1)


def test_an_old_copy_does_not_undo_a_closing(consultation):
    """The sweep closes between loading and moving: the move is refused, and the closing stays."""
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    with pytest.raises(ValidationError) as refusal:
        cutoff_changes.move_cutoff(
            consultation_id=consultation.pk, closes_at=database_now() + timedelta(days=1), reason="x", by=None
        )
    assert refusal.value.code == "closed"
    assert Consultation.objects.get().closed_at == consultation.closes_at
    assert Extension.objects.count() == 0


@pytest.mark.parametrize(("offset", "code"), [(timedelta(seconds=-1), "past"), (None, "extension_changes_the_cutoff")])
def test_refuses_the_past_and_the_present_cutoff(consultation, offset, code):
    new = consultation.closes_at if offset is None else database_now() + offset
    with pytest.raises(ValidationError) as refusal:
        cutoff_changes.move_cutoff(consultation_id=consultation.pk, closes_at=new, reason="x", by=None)
    if offset is None:
        assert refusal.value.messages == ["The new deadline is the same as the present one."]
    else:
        assert refusal.value.code == code
    assert Consultation.objects.get().closes_at == consultation.closes_at


def test_the_lock_wants_a_transaction(consultation):
    from themes.lock import lock_exclusively

    with pytest.raises(RuntimeError, match="transaction"):
        lock_exclusively(consultation.pk)
