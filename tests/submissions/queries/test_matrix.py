"""The matrix: each cell counts what its link shows, whoever counted it."""

import re

import lxml.html
import pytest

from submissions.models import Contribution, KeptMatrix, Review, Tag
from submissions.queries import matrix
from submissions.queries.matrix import Columns, Measure, Rows, count_matrix, matrix_of
from submissions.review import reviewing
from submissions.review.flags.near_duplicates import compare_new
from submissions.review.reviewing import Decision
from submissions.sending.withdraw import withdraw
from tests.factories import send

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/admin/submissions/submission/matrix/"


@pytest.fixture
def several(consultation, admin_user) -> list[Tag]:
    """Three of Africa, two of which sent the same text; one of Asia; one that was withdrawn, one that was replaced."""
    same = "The same words, sent by many of those who were asked to send them."
    amina = send(consultation, {1: same, 2: "Another."}, organisation="One", country="KE").submission
    send(consultation, {1: same}, organisation="Two", country="SN", language="fr", stakeholder_group="academia")
    send(consultation, {1: "Its own words."}, organisation="one", country="EG", language="ar")
    li = send(consultation, {2: "中文。"}, submitting_as="individual", organisation="", country="CN", language="zh")
    withdraw(send(consultation, {1: "Gone."}, organisation="Gone", country="KE").submission)
    again = send(consultation, {3: "First."}, organisation="Again", country="FR").submission
    send(consultation, {1: "Last."}, organisation="Again", country="FR", amends=again.reference)
    compare_new()
    tags = [Tag.objects.create(consultation=consultation, name=name) for name in ("Access", "Gender", "Never")]
    for submission, chosen in ((amina, tags[:2]), (li.submission, tags[1:2])):
        decision = Decision(Review.State.IN_REVIEW, None, "", chosen, "")
        reviewing.save_review(submission, decision, by=admin_user, version=0)
    return tags


def shown(consultation, rows: Rows, columns: Columns, measure: Measure) -> dict[str, dict[str, int]]:
    """What is not nothing, by the labels."""
    counted = matrix_of(consultation, rows, columns, measure)
    assert counted is not None
    labels = [label for _code, label in counted.columns]
    found = {row.label: dict(zip([*labels, "all"], [*row.cells, row.total], strict=True)) for row in counted.rows}
    found["all"] = dict(zip([*labels, "all"], [*counted.totals, counted.total], strict=True))
    return {row: {name: n for name, n in cells.items() if n} for row, cells in found.items() if any(cells.values())}


def test_areas_and_regions(consultation, several):
    assert shown(consultation, Rows.AREAS, Columns.REGIONS, Measure.SUBMISSIONS) == {
        "1. Theme 1": {"Africa": 3, "Europe": 1, "all": 4},
        "2. Theme 2": {"Africa": 1, "Asia": 1, "all": 2},
        "all": {"Africa": 3, "Asia": 1, "Europe": 1, "all": 5},
    }
    assert shown(consultation, Rows.AREAS, Columns.REGIONS, Measure.TEXTS)["1. Theme 1"] == {
        "Africa": 2,
        "Europe": 1,
        "all": 3,
    }
    # Whatever the case of its letters; a person is none.
    assert shown(consultation, Rows.AREAS, Columns.REGIONS, Measure.ORGANISATIONS) == {
        "1. Theme 1": {"Africa": 2, "Europe": 1, "all": 3},
        "2. Theme 2": {"Africa": 1, "all": 1},
        "all": {"Africa": 2, "Europe": 1, "all": 3},
    }


def test_codes_groups_and_languages(consultation, several):
    assert shown(consultation, Rows.CODES, Columns.GROUPS, Measure.SUBMISSIONS) == {
        "Access": {"Civil society": 1, "all": 1},
        "Gender": {"Civil society": 2, "all": 2},
        "all": {"Civil society": 2, "all": 2},
    }
    assert shown(consultation, Rows.CODES, Columns.LANGUAGES, Measure.TEXTS)["Gender"] == {
        "Français": 2,
        "中文": 1,
        "all": 3,
    }


@pytest.mark.parametrize("rows", Rows.values)
@pytest.mark.parametrize("columns", Columns.values)
def test_every_number_leads_to_its_texts(admin_client, consultation, several, rows, columns):
    page = admin_client.get(PAGE, {"rows": rows, "columns": columns})
    tree = lxml.html.fromstring(page.content.decode())
    cells = tree.xpath("//table//td[.//a]")
    assert len(cells) > 4
    for cell in cells:
        listed = admin_client.get(cell.xpath(".//a/@href")[0])
        assert listed.status_code == 200, cell.xpath(".//a/@href")
        texts = Contribution.objects.filter(pk__in=listed.context["cl"].queryset.values("pk"))
        assert int(cell.text_content()) == texts.values("submission").distinct().count()


def test_what_the_worker_keeps_is_what_is_counted(consultation, several, monkeypatch):
    now = count_matrix(consultation)
    assert matrix.count_all() == 1
    assert KeptMatrix.objects.get().counted == now
    # It rests between two counts.
    assert matrix.count_all() == 0
    live = {one: shown(consultation, Rows.AREAS, Columns.GROUPS, one) for one in Measure}
    monkeypatch.setattr(matrix, "COUNTED_AT_ONCE", 2)
    monkeypatch.setattr(matrix, "count_matrix", None)
    assert {one: shown(consultation, Rows.AREAS, Columns.GROUPS, one) for one in Measure} == live
    KeptMatrix.objects.all().delete()
    assert matrix_of(consultation, Rows.AREAS, Columns.GROUPS, Measure.TEXTS) is None


def test_as_csv_and_with_choices_that_are_none(admin_client, consultation, several):
    answer = admin_client.get(PAGE, {"rows": "tag", "columns": "group", "csv": "1"})
    assert answer["Content-Disposition"] == 'attachment; filename="elements-paper-tag-group-submissions.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert re.match(r",Government,", lines[0])
    assert [line.partition(",")[0] for line in lines[1:]] == ["Access", "Gender", "Never", "All"]
    for wrong in ({"rows": "x"}, {"columns": "' OR 1=1"}, {"count": "9"}, {"consultation": "99999999999"}):
        page = admin_client.get(PAGE, wrong)
        assert page.status_code == 200
        assert "errorlist" in page.content.decode()


def test_whoever_may_not_see_submissions_sees_no_matrix(client, admin_user, several):
    admin_user.is_superuser = False
    admin_user.save()
    client.force_login(admin_user)
    assert client.get(PAGE).status_code == 403
