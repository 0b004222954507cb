"""The filters' countries and languages: as the worker counted them last, or read from every row where it is away."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from submissions.models import KeptFigures
from submissions.queries.figures import count_all, known_codes
from submissions.queries.filters import CountryFilter, LanguageFilter, Viewer
from tests.factories import make_consultation, send

pytestmark = pytest.mark.django_db(transaction=True)


def test_as_counted_last_or_as_they_are(consultation):
    viewer = Viewer(None, timezone.now())
    send(consultation, {1: "x"}, country="KE", language="fr")
    assert known_codes("countries") is None
    assert [code for code, _name in CountryFilter().choices(viewer)] == ["KE"]
    count_all()
    assert (known_codes("countries"), known_codes("languages")) == ({"KE"}, {"fr"})
    send(consultation, {1: "x"}, country="FJ", language="en")
    assert [code for code, _name in LanguageFilter().choices(viewer)] == ["fr"]
    # The worker has been away for two minutes; then it is back, and a round is added that it has not counted.
    KeptFigures.objects.update(as_of=F("as_of") - timedelta(minutes=2))
    assert known_codes("countries") is None
    assert {code for code, _name in CountryFilter().choices(viewer)} == {"KE", "FJ"}
    count_all()
    assert known_codes("countries") == {"KE", "FJ"}
    make_consultation(opens_at=consultation.opens_at, closes_at=consultation.closes_at, slug="other")
    assert known_codes("countries") is None
