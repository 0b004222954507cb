"""The SQL that the benches are filled with follows the models; no type checker reads it."""

import pytest

from bench import filling
from submissions.models import Highlight, PublicationDecision, Review, Submission

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.usefixtures("owner")
def test_a_consultation_is_filled_and_reviewed(consultation):
    assert filling.fill(10, themes=5, final=False) == 50
    changes = filling.review()
    evens = [pk for pk in Submission.objects.values_list("pk", flat=True) if pk % 2 == 0]
    assert set(Review.objects.values_list("state", "version")) == {("reviewed", 2)}
    assert (Review.objects.count(), PublicationDecision.objects.count(), Highlight.objects.count()) == (5, 10, 1)
    assert len(evens) == 5
    assert changes > 20
