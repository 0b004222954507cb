"""The order of the code frame: what is used most stands first, and before anything is counted the names decide."""

import pytest

from submissions.models import KeptMatrix, Review, Tag
from submissions.queries.matrix import keep_if_due
from submissions.queries.tags import tags_by_use
from tests.factories import send

pytestmark = pytest.mark.django_db(transaction=True)


def names(consultation) -> list[str]:
    return [tag.name for tag in tags_by_use(consultation.pk)]


def test_the_most_used_first(consultation):
    rare, none, much = (Tag.objects.create(consultation=consultation, name=name) for name in ("b", "a", "c"))
    assert names(consultation) == ["a", "b", "c"]
    for tags in ((much, rare), (much,)):
        sent = send(consultation, {1: "x", 2: "y"}).submission
        Review.objects.create(consultation=consultation, reference=sent.reference).tags.add(*tags)
    assert keep_if_due(consultation)
    assert names(consultation) == ["c", "b", "a"]
    # A tag that is gone since it was counted is in no order.
    much.delete()
    assert names(consultation) == ["b", "a"]
    assert none in tags_by_use(consultation.pk)
    KeptMatrix.objects.update(counted={})
    assert names(consultation) == ["a", "b"]
