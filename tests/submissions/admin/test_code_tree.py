"""The code frame as a tree of two levels: found, counted, exported, merged and carried into the next round as one."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from submissions.admin.rounds import copy_code_frame
from submissions.models import Review, Tag
from submissions.queries.filtered import filtered_submissions
from submissions.queries.matrix import Columns, Measure, Rows, matrix_of
from submissions.queries.tags import as_tree
from submissions.review.reviewing import merge_tags
from tests.export_files import exported, parsed
from tests.factories import make_consultation, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def frame(consultation) -> dict[str, Tag]:
    """Access, with Broadband and devices under it, and Money."""
    access, money = (Tag.objects.create(consultation=consultation, name=name) for name in ("Access", "Money"))
    under = [
        Tag.objects.create(consultation=consultation, name=name, parent=access) for name in ("devices", "Broadband")
    ]
    return {tag.name: tag for tag in (access, money, *under)}


def tree(consultation) -> list[str]:
    return [tag.path for tag in as_tree(Tag.objects.filter(consultation=consultation))]


def test_each_stands_under_its_own(admin_client, consultation, frame):
    assert tree(consultation) == ["Access", "Access › Broadband", "Access › devices", "Money"]
    page = admin_client.get("/admin/submissions/tag/").content.decode()
    assert "Access › Broadband" in page


def test_there_are_two_levels_in_one_frame(admin_client, consultation, frame):
    """The form says so, and the database holds it."""
    now = timezone.now()
    other = make_consultation(opens_at=now, closes_at=now + timedelta(days=1), slug="other")
    elsewhere = Tag.objects.create(consultation=other, name="Elsewhere")
    for name, parent in (
        ("Money", frame["Broadband"]),  # a third level
        ("Access", frame["Money"]),  # others stand under it
        ("Money", elsewhere),
        ("Money", frame["Money"]),
    ):
        with pytest.raises(IntegrityError):
            Tag.objects.filter(pk=frame[name].pk).update(parent=parent)
        form = {"name": name, "colour": "blue", "description": "", "parent": parent.pk}
        answer = admin_client.post(f"/admin/submissions/tag/{frame[name].pk}/change/", form)
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors["parent"]
    form = {"name": "Money", "colour": "blue", "description": "", "parent": frame["Access"].pk}
    assert admin_client.post(f"/admin/submissions/tag/{frame['Money'].pk}/change/", form).status_code == 302


def test_what_stands_under_a_tag_is_found_and_counted_with_it(admin_client, admin_user, consultation, frame):
    for names in (["Broadband"], ["devices", "Access"], ["Money"], ["Broadband", "Money"]):
        sent = send(consultation, {1: "x"}).submission
        review = Review.objects.create(consultation=consultation, reference=sent.reference)
        review.tags.add(*(frame[name] for name in names))
    matrix = matrix_of(consultation, Rows.CODES, Columns.GROUPS, Measure.SUBMISSIONS)
    assert matrix is not None
    counted = {row.label: row.total for row in matrix.rows}
    assert counted == {"Access": 3, "Access › Broadband": 2, "Access › devices": 1, "Money": 2}
    assert matrix.total == 4
    for row in matrix.rows:
        found = filtered_submissions(f"tag={row.code}", user=admin_user, at=timezone.now()).count()
        assert found == row.total, row.label
    header, *rows = parsed(exported(layout="tags", audience="workspace")[0])
    assert header[:2] == ["tag", "under"]
    assert sorted({(row[0], row[1]) for row in rows}) == [
        ("Access", ""),
        ("Broadband", "Access"),
        ("Money", ""),
        ("devices", "Access"),
    ]


def test_merged_nothing_stands_alone(admin_user, consultation, frame):
    merge_tags(frame["Access"], frame["Money"], by=admin_user)
    assert tree(consultation) == ["Money", "Money › Broadband", "Money › devices"]
    # Into one that stood under it: that one rises.
    money, broadband = Tag.objects.get(name="Money"), Tag.objects.get(name="Broadband")
    merge_tags(money, broadband, by=admin_user)
    assert tree(consultation) == ["Broadband", "Broadband › devices"]


def test_the_next_round_has_the_same_tree(consultation, frame):
    now = timezone.now()
    new = make_consultation(opens_at=now, closes_at=now + timedelta(days=1), slug="next")
    copy_code_frame(None, previous=consultation, new=new)
    assert tree(new) == tree(consultation)
    assert {tag.consultation_id for tag in Tag.objects.filter(parent__consultation=new)} == {new.pk}
