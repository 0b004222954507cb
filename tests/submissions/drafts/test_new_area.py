"""An area that was added within the last second: a process that has not heard of it leaves no text out."""

import pytest

from submissions.drafts.contents import contents_of, contributions_of
from submissions.drafts.sent import last_sent
from submissions.models import Draft, DraftContribution, Submission
from tests.visitor import HOME, ready_to_send
from themes import rounds
from themes.models import Theme

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_text_on_an_area_that_is_newer_than_what_is_kept(client, seeded):
    ready_to_send(client)
    kept = rounds.consultation_at(seeded.slug)
    assert kept is not None
    new = Theme.objects.create(consultation=seeded, number=16, title_en="New")
    draft = Draft.objects.get()
    DraftContribution.objects.create(draft=draft, theme=new, text="On it.", words=2, saved_at=draft.saved_at)
    draft.consultation = kept
    assert [row.theme.number for row in contributions_of(draft).values()] == [1, 5, 16]
    assert [theme.number for theme in contents_of(draft)] == [1, 5, 16]
    assert client.post(f"{HOME}send/").status_code == 303
    assert Submission.objects.get().contributions.count() == 3
    draft = Draft.objects.get()
    draft.consultation = kept
    sent = last_sent(draft)
    assert sent is not None
    assert [theme.number for theme in sent.contents] == [1, 5, 16]
