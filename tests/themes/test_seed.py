from datetime import UTC, datetime

import pytest

from themes.fields import LANGUAGES, column
from themes.models import Consultation, Extension, Question, Theme, ThemeKind
from themes.seed import seed

pytestmark = pytest.mark.django_db

KINDS = {
    **dict.fromkeys([1, 2, 3, 4, 5, 6, 7, 13], "Feedback invited"),
    8: "General comments",
    9: "Proposals invited",
    **dict.fromkeys([10, 11, 12, 14, 15], "Proposals to come in the Zero Draft"),
}


@pytest.mark.parametrize(
    ("at", "closes_at"),
    [
        # New York is four hours behind UTC in July: the 15th ends there at 04:00 UTC of the 16th.
        (datetime(2026, 11, 23, tzinfo=UTC), datetime(2027, 7, 16, 4, tzinfo=UTC)),
        (datetime(2027, 7, 16, 3, 59, 59, 999999, tzinfo=UTC), datetime(2027, 7, 16, 4, tzinfo=UTC)),
        (datetime(2027, 7, 16, 4, tzinfo=UTC), datetime(2028, 7, 16, 4, tzinfo=UTC)),
        (datetime(2027, 12, 31, 23, 59, tzinfo=UTC), datetime(2028, 7, 16, 4, tzinfo=UTC)),
    ],
)
def test_closes_with_the_whole_of_the_next_15_july_in_new_york(at, closes_at):
    consultation, is_new = seed(at=at)
    assert is_new
    assert consultation.closes_at == closes_at
    assert consultation.opens_at == datetime(2025, 6, 20, 4, tzinfo=UTC)


def test_fifteen_areas_with_their_kinds():
    consultation, _ = seed(at=datetime(2026, 11, 23, tzinfo=UTC))
    themes = list(consultation.themes.filter(number__lte=100).select_related("kind"))
    assert {theme.number: theme.kind.name_en for theme in themes if theme.kind} == KINDS
    assert set(consultation.themes.filter(number__gt=100).values_list("kind", flat=True)) == {None}
    for kind in ThemeKind.objects.all():
        texts = [getattr(kind, column(name, one)) for name in ("name", "explanation") for one in LANGUAGES]
        assert all(texts)
        assert len(set(texts)) == 2 * len(LANGUAGES)
    # Area 8 asks nothing; every other prompt is a question.
    assert [theme.number for theme in themes if not theme.prompt] == [8]
    assert all(theme.prompt.endswith("?") for theme in themes if theme.prompt)


def test_again_changes_nothing_that_staff_did():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    consultation, _ = seed(at=at)
    Theme.objects.filter(number=3).update(title_en="Edited", prompt_en="")
    Theme.objects.filter(number=15).delete()
    Consultation.objects.update(title_en="Edited too")
    before = list(Theme.objects.order_by("pk").values())
    again, is_new = seed(at=datetime(2030, 1, 1, tzinfo=UTC))
    assert (again.pk, is_new) == (consultation.pk, False)
    assert list(Theme.objects.order_by("pk").values()) == before
    assert list(Consultation.objects.values_list("title_en", "closes_at")) == [("Edited too", consultation.closes_at)]


def test_historical_window_with_its_extension():
    consultation, _ = seed(at=datetime(2026, 11, 23, tzinfo=UTC), historical=True)
    assert consultation.slug == "elements-paper-2025"
    assert consultation.closes_at == datetime(2025, 7, 26, 4, tzinfo=UTC)
    extension = Extension.objects.get(consultation=consultation)
    assert extension.previous_cutoff == datetime(2025, 7, 16, 4, tzinfo=UTC)
    assert extension.new_cutoff == consultation.closes_at
    assert extension.announced_at == datetime(2025, 7, 9, 4, tzinfo=UTC)
    # Both can live in one install.
    assert seed(at=datetime(2026, 11, 23, tzinfo=UTC))[1]
    assert Theme.objects.count() == 32
    assert [question.sign for question in Question.objects.all()] == ["Q1", "Q1"]
