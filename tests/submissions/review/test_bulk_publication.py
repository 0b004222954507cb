"""The publication of many texts decided at once, within what their senders allow, and put back as it was."""

import pytest

from submissions.models import BulkChange, PublicationDecision
from submissions.review.redaction import decide_publication
from submissions.text.content import Content
from tests.factories import send, theme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = "/admin/submissions/submission/"


@pytest.fixture
def three(consultation):
    """The second allows one of its texts only, the third none."""
    return [
        send(consultation, {1: "One.", 2: "Two."}).submission,
        send(consultation, {1: "One.", 2: Content("Two.", (), "none")}).submission,
        send(consultation, {1: "One."}, consent="none").submission,
    ]


def post(client, submissions, **chosen):
    form = {"action": "review_selected", "_selected_action": [one.pk for one in submissions], "select_across": "0"}
    return client.post(LIST, {**form, "confirm": "1", **chosen}, follow=True)


def decided() -> dict[tuple[str, int], tuple[str, str, int, int | None]]:
    return {
        (row.reference, row.theme.number): (row.decision, row.reason, row.read_version, row.decided_by_id)
        for row in PublicationDecision.objects.select_related("theme")
    }


def undo(client) -> str:
    return client.post(f"{LIST}undo/{BulkChange.objects.latest('pk').pk}/", follow=True).content.decode()


def test_what_may_be_published_is_decided_and_put_back(admin_client, admin_user, django_user_model, three):
    first, second, _third = three
    colleague = django_user_model.objects.create_user("colleague")
    decide_publication(first, theme(first.consultation, 2), "withheld", reason="Before.", by=colleague)
    before = decided()
    page = post(admin_client, three, publication="cleared")
    assert "3 submissions were changed." in page.content.decode()
    assert BulkChange.objects.get().summary == "publication: cleared"
    cleared = ("cleared", "", 1, admin_user.pk)
    assert decided() == {
        (first.reference, 1): cleared,
        (first.reference, 2): cleared,
        (second.reference, 1): cleared,
    }
    assert "3 submissions are as they were." in undo(admin_client)
    assert decided() == before
    post(admin_client, three, publication="consent")
    assert decided() == {}
    undo(admin_client)
    assert decided() == before


def test_withheld_for_a_reason_that_is_wanted(admin_client, admin_user, three):
    page = post(admin_client, three, publication="withheld").content.decode()
    assert "Say why it is withheld." in page
    assert decided() == {}
    assert not BulkChange.objects.exists()
    post(admin_client, three, publication="withheld", why_withheld="Defames.")
    assert set(decided().values()) == {("withheld", "Defames.", 1, admin_user.pk)}


def test_what_somebody_decided_since_stays(admin_client, admin_user, django_user_model, three):
    first = three[0]
    post(admin_client, three, publication="cleared")
    colleague = django_user_model.objects.create_user("colleague")
    decide_publication(first, theme(first.consultation, 1), "withheld", reason="Since.", by=colleague)
    undo(admin_client)
    assert decided() == {(first.reference, 1): ("withheld", "Since.", 1, colleague.pk)}


def test_what_a_colleague_left_to_the_sender_since_stays(admin_client, admin_user, django_user_model, three):
    first = three[0]
    on = theme(first.consultation, 1)
    decide_publication(first, on, "withheld", reason="Before.", by=admin_user)
    post(admin_client, [first], publication="cleared")
    decide_publication(first, on, "", reason="", by=django_user_model.objects.create_user("colleague"))
    undo(admin_client)
    assert decided() == {}


def test_two_are_undone_one_after_the_other(admin_client, admin_user, three):
    first = three[0]
    decide_publication(first, theme(first.consultation, 1), "cleared", reason="", by=admin_user)
    before = decided()
    post(admin_client, [first], publication="withheld", why_withheld="A.")
    post(admin_client, [first], publication="consent")
    changes = list(BulkChange.objects.order_by("-pk"))
    for change in changes:
        page = admin_client.post(f"{LIST}undo/{change.pk}/", follow=True).content.decode()
        assert "1 submission is as it was." in page
    assert decided() == before


def test_of_two_versions_the_last_is_decided_on(admin_client, admin_user, three):
    again = send(three[0].consultation, {1: "One again.", 2: "Two."}, amends=three[0].reference).submission
    form = {
        "action": "review_selected",
        "_selected_action": [three[0].pk, again.pk],
        "select_across": "0",
        "confirm": "1",
        "publication": "cleared",
    }
    assert admin_client.post(f"{LIST}?standing=all", form).status_code == 302
    assert set(decided().values()) == {("cleared", "", 2, admin_user.pk)}


def test_it_costs_the_same_however_many(admin_client, consultation, three, django_assert_max_num_queries):
    many = [send(consultation, {1: "x", 2: "y"}).submission for _turn in range(12)]
    with django_assert_max_num_queries(75):
        post(admin_client, many, publication="cleared")
    assert PublicationDecision.objects.count() == 24
