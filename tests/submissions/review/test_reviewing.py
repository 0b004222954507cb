"""Reviewing: states, assignees, tags, notes; two reviewers at once; many at once; the way to the next."""

import html
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st

from submissions.edit_conflict import EditConflict
from submissions.models import Note, Review, Submission, Tag
from submissions.review import diff, reviewing
from submissions.review.reviewing import Decision
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content, ProposedWording
from tests.factories import make_consultation, send
from tests.threads import at_once
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = "/admin/submissions/submission/"
State = Review.State


def member(name: str, role: str = "Reviewer"):
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def amina(client):
    user = member("amina")
    client.force_login(user)
    return user


@pytest.fixture
def three(consultation) -> list[Submission]:
    """Oldest first; the list shows the newest first."""
    return [send(consultation, {1: f"Text {n}."}, organisation=f"Organisation {n}").submission for n in range(3)]


def page_of(client, submission: Submission, query: str = ""):
    return client.get(f"{LIST}{submission.pk}/change/{query}")


def save(client, submission: Submission, query: str = "", **fields):
    """Presses save on the page as it was opened, unless `edition` says that it was opened earlier."""
    form = page_of(client, submission).context["review_form"].initial
    result = {"state": form["state"], "version": form["version"], "tags": [tag.pk for tag in form["tags"]], **fields}
    return client.post(f"{LIST}{submission.pk}/review/{query}", result)


def test_from_new_to_reviewed_with_everything(client, amina, consultation, three):
    tag = Tag.objects.create(consultation=consultation, name="Connectivity", colour="green")
    answer = save(client, three[0], state="in-review", assignee=amina.pk, tags=[tag.pk], note="Ask them for figures.")
    assert answer["Location"] == f"{LIST}{three[0].pk}/change/"
    review = Review.objects.get()
    assert (review.state, review.assignee, review.version, review.read_version) == ("in-review", amina, 1, 1)
    assert list(review.tags.all()) == [tag]
    note = Note.objects.get()
    assert (note.author, note.text) == (amina, "Ask them for figures.")
    page = page_of(client, three[0]).content.decode()
    assert "Ask them for figures." in page
    assert 'class="tag tag-green">Connectivity' in page
    listed = client.get(LIST).content.decode()
    assert listed.count("review-in-review") == 1
    assert listed.count("review review-new") == 2
    history = client.get(f"{LIST}{three[0].pk}/history/").content.decode()
    assert "state: new → in-review; assigned: – → amina; tag: Connectivity; note" in history


def test_set_aside_wants_a_reason(client, amina, three):
    answer = save(client, three[0], state="set-aside", note="Typed already.")
    assert answer.status_code == 200
    assert "Say why it is set aside." in answer.content.decode()
    assert "Typed already." in answer.content.decode()
    assert (Review.objects.count(), Note.objects.count()) == (0, 0)
    save(client, three[0], state="set-aside", reason="A test of ours.")
    assert Review.objects.get().reason == "A test of ours."
    save(client, three[0], state="reviewed", reason="A test of ours.")
    assert Review.objects.get().reason == ""


def test_two_reviewers_on_one_and_nothing_is_overwritten_unseen(client, amina, consultation, three):
    tag = Tag.objects.create(consultation=consultation, name="Gender")
    bruno = member("bruno")
    reviewing.save_review(three[0], Decision(State.REVIEWED, bruno, tags=[tag]), by=bruno, version=0)
    answer = save(client, three[0], version=0, state="in-review", note="My thought.", tags=[])
    page = answer.content.decode()
    assert "bruno changed this meanwhile: Reviewed, assigned to bruno, tags: Gender." in page
    assert "My thought." in page
    assert ['value="in-review"' in one for one in re.findall(r'<input[^>]*name="state"[^>]*checked[^>]*>', page)] == [
        True
    ]
    assert (Review.objects.get().state, Note.objects.count()) == ("reviewed", 0)
    # Seen and meant all the same: the page carries the newer count now.
    form = answer.context["review_form"]
    assert form.data["version"] == "1"
    save(client, three[0], version=form.data["version"], state="in-review", note="My thought.", tags=[])
    review = Review.objects.get()
    assert (review.state, review.version, review.tags.count(), Note.objects.count()) == ("in-review", 2, 0, 1)


def test_two_at_the_same_instant_one_wins_and_one_is_told(amina, three):
    bruno, result = member("bruno"), []

    def press(user):
        try:
            reviewing.save_review(three[0], Decision(State.REVIEWED, user), by=user, version=0)
            result.append("saved")
        except EditConflict as change:
            result.append(f"{change.stored.changed_by} was quicker")

    at_once(*(partial(press, user) for user in (amina, bruno)))
    review = Review.objects.get()
    assert sorted(result) == sorted(["saved", f"{review.changed_by} was quicker"])
    assert (review.version, review.assignee) == (1, review.changed_by)


def test_the_review_goes_on_when_the_stakeholder_sends_again(client, amina, consultation, three):
    save(client, three[0], state="reviewed")
    again = send(consultation, {1: "Changed."}, amends=three[0].reference).submission
    page = page_of(client, again).content.decode()
    assert "The stakeholder has sent again since it was read." in page
    assert "Reviewed, changed since" in client.get(LIST).content.decode()
    found = client.get(f"{LIST}?review=changed").context["cl"].queryset
    assert [one.pk for one in found] == [again.pk]
    save(client, again, state="reviewed")
    assert client.get(f"{LIST}?review=changed").context["cl"].result_count == 0


def test_what_was_reviewed_in_bulk_is_to_be_read_again_too(client, amina, consultation, three):
    chosen = {"action": "review_selected", "_selected_action": [three[0].pk], "confirm": "1", "state": "reviewed"}
    client.post(LIST, chosen)
    assert Review.objects.get().read_version == 1
    assert "changed since" not in client.get(LIST).content.decode()
    again = send(consultation, {1: "Changed."}, amends=three[0].reference).submission
    assert "Reviewed, changed since" in client.get(LIST).content.decode()
    assert client.get(f"{LIST}?review=changed").context["cl"].result_count == 1
    assert "The stakeholder has sent again since it was read." in page_of(client, again).content.decode()
    client.post(LIST, {**chosen, "_selected_action": [again.pk]})
    assert client.get(f"{LIST}?review=changed").context["cl"].result_count == 0
    # A note from the page of the earlier version takes nothing back.
    save(client, three[0], version=Review.objects.get().version, state="reviewed", note="Seen.")
    assert Review.objects.get().read_version == 2


def test_a_tag_merged_under_an_open_page_is_told_and_not_lost(client, amina, consultation, three):
    """The page's tick is on a tag that is gone: said once for the tag, once for the change; what stands is kept."""
    drop, keep = (Tag.objects.create(consultation=consultation, name=name) for name in ("Gender", "Women"))
    ticked: dict[str, Any] = {"state": "in-review", "tags": [drop.pk]}
    save(client, three[0], **ticked)
    reviewing.merge_tags(drop, keep, by=member("bruno"))
    result = save(client, three[0], version=1, **ticked, note="Mine.")
    page = result.content.decode()
    assert "It is not saved yet: see below." in page
    assert "A tag that was chosen here was merged or removed meanwhile." in page
    assert "Mine." in page
    result = save(client, three[0], version=1, state="in-review", tags=[], note="Mine.")
    assert (
        "bruno changed this meanwhile: In review, assigned to Nobody, tags: Women. Yours is not saved yet."
        in result.content.decode()
    )
    assert [tag.name for tag in Review.objects.get().tags.all()] == ["Women"]


def test_whoever_left_the_workspace_and_a_note_too_long_are_told(client, amina, three):
    bruno = member("bruno")
    bruno.is_active = False
    bruno.save()
    page = save(client, three[0], state="new", assignee=bruno.pk, note="x" * 10_001).content.decode()
    assert "This colleague no longer has access." in page
    assert "at most 10000 characters" in page


WRITTEN = st.text(alphabet="ab .!\n人。", max_size=80)


@given(old=WRITTEN, new=WRITTEN, most=st.integers(0, 400))
def test_both_texts_stand_whole_in_what_is_marked(old, new, most):
    marked = html.unescape(diff.marked(old, new, diff.Effort(most)))
    assert re.sub(r"<del>.*?</del>|</?ins>", "", marked, flags=re.DOTALL) == new
    assert re.sub(r"<ins>.*?</ins>|</?del>", "", marked, flags=re.DOTALL) == old


def test_a_text_made_to_hold_up_the_page_is_shown_whole():
    """Two words, again and again, in another order: compared one by one it would take minutes, on each look."""
    old, new = "a b " * 12_500, "b b a " * 8_300
    effort = diff.Effort()
    assert diff.marked(old, new, effort) == f"<del>{old}</del><ins>{new}</ins>"
    assert effort.left == diff.MAX_STEPS
    # Nothing in common is no effort at all: a text that was replaced by a translation.
    old, new = (" ".join(f"{sign}{n}" for n in range(1_000)) for sign in "xy")
    assert diff.marked(old, new, effort) == f"<del>{old}</del><ins>{new}</ins>"
    assert effort.left == diff.MAX_STEPS
    # What is the same at both ends costs nothing, however long.
    assert diff.marked(f"{old} a", f"{old} b", effort) == f"{old} <del>a</del><ins>b</ins>"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("same", "same", "same"),
        ("Close the gap.", "Close the digital gap.", "Close the <ins>digital </ins>gap."),
        ("a <b> c", "a c", "a <del>&lt;b&gt; </del>c"),
        ("人工智能", "人工智慧", "人工智<del>能</del><ins>慧</ins>"),
        ("", "new", "<ins>new</ins>"),
        ("gone", "", "<del>gone</del>"),
        ("one\n\ntwo", "one\ntwo", "one<del>\n\n</del><ins>\n</ins>two"),
    ],
)
def test_what_changed_is_marked_and_nothing_else(old, new, shown):
    assert diff.marked(old, new) == shown


def test_the_versions_sent_and_what_changed_between_them(client, amina, consultation):
    rows = (ProposedWording("60", "Sixty", "Because"),)
    first = send(consultation, {1: "Close the gap.", 2: "Left out later.", 3: "Stays."}).submission
    later: dict[int, str | Content] = {1: Content("Close the digital gap.", rows), 3: "Stays.", 4: "Quite new."}
    second = send(consultation, later, amends=first.reference).submission
    page = page_of(client, second)
    assert [one.version for one in page.context["versions"]] == [1, 2]
    assert [(change.theme.number, change.marked) for change in page.context["changes"]] == [
        (1, "Close the <ins>digital </ins>gap.<ins>\n\n60\nSixty\nBecause</ins>"),
        (2, "<del>Left out later.</del>"),
        (4, "<ins>Quite new.</ins>"),
    ]
    assert "What changed since version 1" in page.content.decode()
    assert page_of(client, first).context["changes"] == []
    # What was withdrawn is shown in no version.
    withdraw(second)
    page = page_of(client, second)
    assert (page.context["versions"], page.context["changes"]) == ([], [])
    assert "digital" not in page.content.decode()


def test_filters_by_state_assignee_and_tag(client, amina, consultation, three):
    tag = Tag.objects.create(consultation=consultation, name="Gender")
    bruno = member("bruno")
    save(client, three[0], state="reviewed", assignee=amina.pk, tags=[tag.pk])
    # Assigned alone, it is still new.
    save(client, three[1], assignee=bruno.pk)

    def found(query: str) -> set[int]:
        return {one.pk for one in client.get(LIST + query).context["cl"].queryset}

    first, second, third = (one.pk for one in three)
    assert found("?review=new") == {second, third}
    assert found("?review=reviewed") == {first}
    assert found("?assignee=me") == {first}
    assert found(f"?assignee={bruno.pk}") == {second}
    assert found("?assignee=nobody") == {third}
    assert found(f"?tag={tag.pk}") == {first}
    assert found(f"?tag={tag.pk}&review=new") == set()


def test_the_way_to_the_next_keeps_the_list(client, amina, three):
    first, second, third = three
    query = "?_changelist_filters=country%3DKE"
    ways = page_of(client, second, query).context["ways"]
    assert ways == {
        "next": f"{LIST}{first.pk}/change/{query}",
        "previous": f"{LIST}{third.pk}/change/{query}",
        "next_new": f"{LIST}{first.pk}/change/{query}",
    }
    assert page_of(client, second, "?_changelist_filters=country%3DFR").context["ways"] == {}
    page = page_of(client, second).content.decode()
    assert re.findall(r'data-key="(\w)"', page) == ["k", "j", "b", "n", "c", "o", "s"]
    # Saved and on: to the next new one of the same list.
    answer = save(client, third, query, state="reviewed", on="1")
    assert answer["Location"] == f"{LIST}{second.pk}/change/{query}"
    save(client, first, state="reviewed")
    answer = save(client, second, query, state="reviewed", on="1")
    assert answer["Location"] == f"{LIST}{first.pk}/change/{query}"


def test_a_tag_goes_to_the_submissions_of_its_own_consultation_only(client, amina, consultation, three):
    now = database_now()
    other = make_consultation(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), slug="zero-draft", themes=1
    )
    elsewhere = send(other, {1: "Elsewhere."}).submission
    tags = [Tag.objects.create(consultation=each, name=each.slug) for each in (consultation, other)]
    both = {"action": "review_selected", "_selected_action": [three[0].pk, elsewhere.pk]}
    answer = client.post(LIST, {**both, "confirm": "1", "state": "", "tags": [tag.pk for tag in tags]})
    assert answer.status_code == 302
    tagged = {review.reference: [tag.name for tag in review.tags.all()] for review in Review.objects.all()}
    assert tagged == {three[0].reference: ["elements-paper"], elsewhere.reference: ["zero-draft"]}
    result = dict(LogEntry.objects.values_list("object_repr", "change_message"))
    assert result == {three[0].reference: "tag: elements-paper", elsewhere.reference: "tag: zero-draft"}


def test_many_at_once_after_naming_the_count(client, amina, consultation, three):
    tag = Tag.objects.create(consultation=consultation, name="Gender")
    other = Tag.objects.create(consultation=consultation, name="Access")
    save(client, three[0], state="in-review", tags=[other.pk])
    chosen = {"action": "review_selected", "_selected_action": [one.pk for one in three[:2]]}
    page = client.post(LIST, chosen).content.decode()
    assert "This changes the review of 2 submissions." in page
    assert Review.objects.count() == 1
    answer = client.post(LIST, {**chosen, "confirm": "1", "state": "", "assignee": amina.pk, "tags": [tag.pk]})
    assert answer.status_code == 302
    kept = {review.reference: review for review in Review.objects.all()}
    assert [kept[one.reference].state for one in three[:2]] == ["in-review", "new"]
    assert {review.assignee for review in kept.values()} == {amina}
    assert {tag.name for tag in kept[three[0].reference].tags.all()} == {"Access", "Gender"}
    assert LogEntry.objects.filter(change_message="assigned: amina; tag: Gender").count() == 2
    # The whole of the filter, not only what the page shows.
    everything = {"action": "review_selected", "_selected_action": [three[0].pk], "select_across": "1"}
    page = client.post(LIST, everything).content.decode()
    assert "This changes the review of 3 submissions." in page
    client.post(LIST, {**everything, "confirm": "1", "state": "reviewed", "assignee": "nobody"})
    assert {(review.state, review.assignee) for review in Review.objects.all()} == {("reviewed", None)}
    refused = client.post(LIST, {**everything, "confirm": "1", "state": "set-aside"})
    assert "Say why it is set aside." in refused.content.decode()
    assert Review.objects.filter(state="reviewed").count() == 3


def test_tags_are_merged_and_none_in_use_is_deleted(client, consultation, three):
    client.force_login(member("m", "Manager"))
    keep = Tag.objects.create(consultation=consultation, name="Women")
    drop = Tag.objects.create(consultation=consultation, name="Gender")
    foreign = Tag.objects.create(
        consultation=make_consultation(
            opens_at=consultation.opens_at, closes_at=consultation.closes_at, slug="other", themes=1
        ),
        name="Women",
    )
    save(client, three[0], tags=[keep.pk, drop.pk])
    save(client, three[1], tags=[drop.pk])
    tags = "/admin/submissions/tag/"
    assert client.post(f"{tags}{drop.pk}/delete/", {"post": "yes"}).status_code == 403
    mixed = client.post(tags, {"action": "merge_selected", "_selected_action": [keep.pk, foreign.pk]}, follow=True)
    assert "Choose at least two tags of one consultation." in mixed.content.decode()
    chosen = {"action": "merge_selected", "_selected_action": [keep.pk, drop.pk]}
    assert "The other tags are deleted." in client.post(tags, chosen).content.decode()
    client.post(tags, {**chosen, "confirm": "1", "into": keep.pk})
    assert [sorted(tag.name for tag in review.tags.all()) for review in Review.objects.all()] == [["Women"], ["Women"]]
    assert set(Tag.objects.values_list("pk", flat=True)) == {keep.pk, foreign.pk}


def test_whoever_may_only_read_changes_nothing(client, three):
    from django.contrib.auth.models import Permission

    user = get_user_model().objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_submission"))
    client.force_login(user)
    page = page_of(client, three[0])
    assert page.context["review_form"] is None
    assert client.post(f"{LIST}{three[0].pk}/review/", {"state": "reviewed", "version": 0}).status_code == 403
    client.post(
        LIST, {"action": "review_selected", "_selected_action": [three[0].pk], "confirm": "1", "state": "reviewed"}
    )
    assert Review.objects.count() == 0
    assert client.get(f"{LIST}{three[0].pk}/review/").status_code == 403


def test_a_note_is_in_no_export_that_does_not_ask_for_it(client, admin_client, consultation, three):
    from tests.export_page import ask

    user = member("x")
    reviewing.save_review(three[0], Decision(State.REVIEWED, user, note="Internal secret."), by=user, version=0)
    for layout in ("contributions", "submissions", "stakeholders"):
        assert b"Internal secret" not in ask(admin_client, layout=layout, audience="full", format="jsonl")


def test_the_address_that_a_review_is_sent_to_leads_to_its_page(client, amina, three):
    """Where a refused form stood, and somebody comes back to after signing in again."""
    answer = client.get(f"{LIST}{three[0].pk}/review/?_changelist_filters=review%3Dnew")
    assert answer["Location"] == f"{LIST}{three[0].pk}/change/?_changelist_filters=review%3Dnew"
