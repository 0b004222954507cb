"""A form of the workspace that arrives after its session ended: every word comes back, to be sent when signed in."""

import lxml.html
import pytest
from django.test import Client

from submissions.models import Note, Review
from tests.factories import send

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = "Asks for figures; see paragraph 59."


@pytest.fixture
def page(consultation) -> str:
    submission = send(consultation, {1: "A text."}).submission
    return f"/admin/submissions/submission/{submission.pk}/change/"


def review_of(page: str) -> tuple[str, dict[str, str]]:
    return page.replace("/change/", "/review/"), {"state": "reviewed", "note": NOTE, "version": "0"}


def form_on(answer) -> dict[str, str]:
    # The switch of the language carries it, too.
    form = lxml.html.fromstring(answer.content.decode()).xpath("//form[.//*[@name='note']]")[-1]
    return {name: value.strip("\n") for name, value in form.form_values()}


def test_it_is_given_back_with_the_way_to_its_page(page, client, admin_client):
    address, typed = review_of(page)
    answer = client.post(address, typed, headers={"Referer": f"http://testserver{page}?_changelist_filters=q%3Dx"})
    assert answer.status_code == 403
    tree = lxml.html.fromstring(answer.content.decode())
    (link,) = tree.xpath("//a[contains(@class, 'default')]/@href")
    assert link == f"/admin/login/?next={page.replace('/', '%2F')}%3F_changelist_filters%3Dq%253Dx"
    assert NOTE in answer.content.decode()
    assert not Review.objects.exists()
    # Signed in again, in another tab: the form on this page saves it.
    again = form_on(answer)
    assert {name: again[name] for name in typed} == typed
    assert admin_client.post(address, again).status_code == 302
    assert (Review.objects.get().state, Note.objects.get().text) == ("reviewed", NOTE)


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example/admin/x/", "http://testserver/elements-paper/", "//"]
)
def test_it_leads_to_no_page_but_ours(page, client, referer):
    address, typed = review_of(page)
    answer = client.post(address, typed, headers={"Referer": referer} if referer else {})
    assert 'href="/admin/login/?next=%2Fadmin%2F"' in answer.content.decode()


def test_a_page_is_asked_for_as_before(page, client):
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={page}")


def test_a_form_whose_token_was_changed_by_signing_in_again_has_a_button(page, admin_user):
    address, typed = review_of(page)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin_user)
    stale = {**typed, "csrfmiddlewaretoken": "x" * 64}
    answer = browser.post(address, stale, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert browser.post(address, form_on(answer)).status_code == 302
    assert Note.objects.count() == 1
    # Another site's post is lent no button.
    answer = browser.post(address, stale, headers={"Sec-Fetch-Site": "cross-site"})
    assert "<button" not in lxml.html.tostring(
        lxml.html.fromstring(answer.content.decode()).xpath("//main")[0], encoding="unicode"
    )


def test_no_password_is_given_back(client):
    answer = client.post(
        "/admin/password_change/", {"old_password": "a secret of mine", "new_password1": "b", "x": "y z"}
    )
    assert answer.status_code == 403
    assert "a secret of mine" not in answer.content.decode()
    assert "Send it again" not in answer.content.decode()
