"""Many reviews changed at once and taken back: what it touched is as it was, and nobody else's work is."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from submissions.models import BulkChange, Campaign, ContactView, FormerReview, Review, Submission, Tag
from submissions.review import bulk, reviewing
from submissions.review.flags.near_duplicates import compare_new, count_campaigns
from submissions.review.reviewing import Decision
from tests.factories import make_consultation, send

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/submissions/submission/"
SAME = "The same words, sent by many of those who were asked to send just these words and no others."


@pytest.fixture
def three(consultation) -> list[Submission]:
    return [send(consultation, {1: f"{SAME} {name}"}, organisation=name).submission for name in ("a", "b", "c")]


@pytest.fixture
def tags(consultation) -> list[Tag]:
    return [Tag.objects.create(consultation=consultation, name=name) for name in ("Access", "Gender")]


def everything() -> dict[str, tuple[object, ...]]:
    """Of each review what a colleague sees of it."""
    return {
        one.reference: (one.state, one.reason, one.assignee_id, one.read_version, {tag.name for tag in one.tags.all()})
        for one in Review.objects.all()
    }


def post(client, submissions, **chosen):
    form = {
        "action": "review_selected",
        "_selected_action": [one.pk for one in submissions],
        "select_across": "0",
        **chosen,
    }
    return client.post(LIST, form, follow=True)


def test_changed_undone_and_as_it_was(admin_client, admin_user, three, tags):
    first = Decision(Review.State.SET_ASIDE, admin_user, "Twice.", tags[:1], "")
    reviewing.save_review(three[0], first, by=admin_user, version=0)
    before = everything()
    asked = post(admin_client, three).content.decode()
    for one in three:
        assert one.reference in asked
    chosen = {"confirm": "1", "state": "reviewed", "assignee": "nobody", "tags": [tags[1].pk], "tags_off": [tags[0].pk]}
    page = post(admin_client, three, **chosen).content.decode()
    change = BulkChange.objects.get()
    assert (change.count, change.summary) == (
        3,
        "state: reviewed; assigned: –; tag: Gender; tag taken off: Access",
    )
    assert set(map(str, everything().values())) == {str(("reviewed", "", None, 1, {"Gender"}))}
    undo = f"{LIST}undo/{change.pk}/"
    assert page.count(f'href="{undo}"') == 2  # in the message, and above the list
    assert "You changed 3 submissions on" in admin_client.get(undo).content.decode()
    assert everything()[three[0].reference][0] == "reviewed"  # looking changes nothing
    page = admin_client.post(undo, follow=True).content.decode()
    assert "3 submissions are as they were." in page
    # What there was no review of is new again.
    new = ("new", "", None, 0, set[str]())
    assert everything() == {one.reference: before.get(one.reference, new) for one in three}
    assert undo not in page
    page = admin_client.post(undo, follow=True).content.decode()
    assert "This was undone already." in page
    history = admin_client.get(f"{LIST}{three[0].pk}/history/").content.decode()
    assert "undone: state: reviewed" in history


def test_what_a_colleague_changed_since_stays(admin_client, admin_user, three, tags):
    post(admin_client, three, confirm="1", state="reviewed")
    decision = Decision(Review.State.IN_REVIEW, None, "", tags, "")
    reviewing.save_review(three[1], decision, by=admin_user, version=1)
    page = admin_client.post(f"{LIST}undo/{BulkChange.objects.get().pk}/", follow=True).content.decode()
    assert "2 submissions are as they were." in page
    assert "1 was changed by somebody since, and stays as it is now." in page
    assert everything()[three[1].reference] == ("in-review", "", None, 1, {"Access", "Gender"})


def test_for_a_day_and_by_whoever_did_it(admin_client, client, django_user_model, three):
    post(admin_client, three, confirm="1", state="reviewed")
    change = BulkChange.objects.get()
    other = django_user_model.objects.create_superuser("other", password=None)
    client.force_login(other, backend="accounts.sign_on.backend.PasswordBackend")
    assert client.post(f"{LIST}undo/{change.pk}/").status_code == 404
    assert "undo/" not in client.get(LIST).content.decode()
    BulkChange.objects.update(changed_at=F("changed_at") - bulk.UNDO_FOR)
    page = admin_client.post(f"{LIST}undo/{change.pk}/", follow=True).content.decode()
    assert "can be undone for a day" in page
    # And then it is forgotten.
    post(admin_client, three, confirm="1", state="in-review")
    assert not BulkChange.objects.filter(pk=change.pk).exists()


def test_tags_and_people_that_are_gone_do_not_come_back(admin_client, admin_user, three, tags):
    reviewing.save_review(three[0], Decision(Review.State.NEW, None, "", tags, ""), by=admin_user, version=0)
    post(admin_client, three[:1], confirm="1", assignee="nobody", tags_off=[tag.pk for tag in tags])
    tags[0].delete()
    former = FormerReview.objects.get()
    FormerReview.objects.update(before={**former.before, "assignee_id": 999_999})
    admin_client.post(f"{LIST}undo/{BulkChange.objects.get().pk}/")
    assert everything()[three[0].reference] == ("new", "", None, 1, {"Gender"})


def test_nothing_chosen_and_both_at_once_are_refused(admin_client, three, tags):
    assert "Choose what is to be changed." in post(admin_client, three, confirm="1").content.decode()
    both = post(admin_client, three, confirm="1", tags=[tags[0].pk], tags_off=[tags[0].pk]).content.decode()
    assert "A tag is added or taken off, not both." in both
    assert not BulkChange.objects.exists()


def test_a_tag_of_another_consultation_is_given_to_none(admin_user, three, tags):
    day = timedelta(days=1)
    first = three[0].consultation
    other = make_consultation(opens_at=first.opens_at - day, closes_at=first.closes_at + day, slug="other")
    foreign = Tag.objects.create(consultation=other, name="Elsewhere")
    bulk.save_reviews(Submission.objects.all(), bulk.Wanted(tags=[foreign, tags[0]]), by=admin_user)
    assert all(found[4] == {"Access"} for found in everything().values())


def test_a_whole_campaign_is_coded_at_once(admin_client, consultation, three, tags):
    send(consultation, {1: "Something else altogether, written by nobody but its own author."})
    compare_new()
    count_campaigns(consultation.pk)
    group = Campaign.objects.get().group
    page = admin_client.get(f"/admin/submissions/campaign/of/{three[0].pk}/").content.decode()
    assert f'href="{LIST}?campaign={group}"' in page
    form = {
        "action": "review_selected",
        "_selected_action": [three[0].pk],
        "select_across": "1",
        "confirm": "1",
        "tags": [tags[0].pk],
    }
    admin_client.post(f"{LIST}?campaign={group}", form)
    assert {reference for reference, found in everything().items() if found[4]} == {one.reference for one in three}


def test_undone_twice_in_the_same_moment_is_undone_once(admin_user, three, tags):
    change = bulk.save_reviews(Submission.objects.all(), bulk.Wanted(tags=tags), by=admin_user)
    results: list[object] = []

    def undo() -> None:
        try:
            results.append(bulk.undo(change, by=admin_user))
        except bulk.CannotUndo as refusal:
            results.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=undo) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, results)) == ["(3, 0)", *["This was undone already."] * 3]
    assert all(found[4] == set() for found in everything().values())


def test_two_of_ones_own_are_undone_one_after_the_other(admin_client, three, tags):
    post(admin_client, three, confirm="1", state="reviewed")
    post(admin_client, three, confirm="1", tags=[tags[0].pk])
    second, first = BulkChange.objects.order_by("-pk")
    for change in (second, first):
        page = admin_client.post(f"{LIST}undo/{change.pk}/", follow=True).content.decode()
        assert "3 submissions are as they were." in page
    assert set(map(str, everything().values())) == {str(("new", "", None, 0, set()))}


def test_what_comes_in_after_they_were_listed_is_not_touched(admin_client, consultation, three):
    asked = post(admin_client, three, select_across="1")
    highest = asked.context["highest"]
    assert ContactView.objects.latest("pk").people == 3
    send(consultation, {1: "Came later."})
    post(admin_client, three, select_across="1", confirm="1", state="reviewed", highest=highest)
    assert set(everything()) == {one.reference for one in three}
