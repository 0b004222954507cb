"""Drafts after the deadline: readable for thirty days, then deleted; what was sent stays."""

from datetime import timedelta

import pytest

from submissions.drafts import retention
from submissions.models import Contribution, Draft, DraftContribution, Mail
from tests.factories import reopen
from tests.visitor import answer_about_you, write
from themes import cutoff_changes, intake
from themes.intake import database_now
from themes.models import Consultation

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/elements-paper/"


def close(consultation, ago: timedelta) -> None:
    """As time would: the cutoff lies `ago` back, and its sweep has run."""
    closes_at = database_now() - ago
    Consultation.objects.update(opens_at=closes_at - timedelta(days=9), closes_at=closes_at)
    cutoff_changes.close_due_consultations()


@pytest.mark.parametrize(
    ("ago", "kept"), [(timedelta(days=30) - timedelta(minutes=1), 1), (timedelta(days=30, seconds=1), 0)]
)
def test_thirty_days(client, consultation, ago, kept):
    write(client, 1, "Kept for a while.")
    answer_about_you(client)
    client.post(f"{HOME}send/")
    client.post(f"{HOME}come-back/mail/", {"email": "amina@example.org"})
    close(consultation, ago)
    assert retention.delete_outdated_drafts() == 1 - kept
    assert retention.delete_outdated_drafts() == 0
    assert (Draft.objects.count(), DraftContribution.objects.count()) == (kept, kept)
    # The receipt's mail stays with its submission; the one with the link goes with the draft.
    assert [mail.submission_id is None for mail in Mail.objects.order_by("pk")] == [False, True][: 1 + kept]
    assert Contribution.objects.get().text == "Kept for a while."
    page = client.get(f"{HOME}draft/").content.decode()
    assert ("Kept for a while." in page) is bool(kept)


def test_the_promise_on_the_page_is_the_one_that_is_kept(client, consultation):
    write(client, 1, "x")
    close(consultation, timedelta(hours=1))
    consultation.refresh_from_db()
    until = intake.draft_kept_until(consultation)
    assert until - consultation.closes_at == timedelta(days=30)
    page = client.get(f"{HOME}draft/").content.decode()
    assert "can be read and downloaded until" in page
    late = client.post(f"{HOME}themes/1/", {"text": "late"})
    assert late.status_code == 409
    assert "Your draft is kept until" in late.content.decode()
    assert client.get(f"{HOME}draft.docx")["Content-Disposition"] == 'attachment; filename="elements-paper-draft.docx"'


def test_reopened_it_is_not_outdated(client, consultation):
    write(client, 1, "x")
    close(consultation, timedelta(days=40))
    reopen(consultation, database_now() + timedelta(days=1))
    assert retention.delete_outdated_drafts() == 0
    assert Draft.objects.count() == 1
