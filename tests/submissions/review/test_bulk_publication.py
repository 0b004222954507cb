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


def test_it_costs_the_same_however_many(admin_client, consultation, three, django_assert_max_num_queries):
    many = [send(consultation, {1: "x", 2: "y"}).submission for _turn in range(12)]
    with django_assert_max_num_queries(75):
        post(admin_client, many, publication="cleared")
    assert PublicationDecision.objects.count() == 24
