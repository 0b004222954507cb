"""Who is writing: what was typed and refused is there again, and is never sent."""

import re

import pytest

from submissions.models import Draft, Submission
from submissions.public.about_you import MAX_REFUSED_CHARACTERS
from submissions.respondent_form import is_complete
from tests.pages import squeezed
from tests.visitor import ANSWERS, HOME, write

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = f"{HOME}about-you/"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("email", "amina@example"),
        ("email", "用户@example.org"),
        ("organisation", "Coalition of " + "very many " * 60 + "organisations"),
        ("contact_name", "N" * 201),
    ],
)
def test_a_wrong_answer_is_there_when_one_comes_back(client, consultation, name, typed):
    write(client, 1, "Our view.")
    assert client.post(PAGE, {**ANSWERS, name: typed}).status_code == 200
    draft = Draft.objects.get()
    assert (getattr(draft, name), draft.refused_answers) == ("", {name: typed})
    page = client.get(PAGE)
    assert page.context["form"][name].value() == typed
    assert list(page.context["form"].errors) == [name]
    # The others are kept as answers, and the page before the sending says that one is missing.
    assert draft.country == ANSWERS["country"]
    assert "Complete “About you”" in client.get(f"{HOME}send/").content.decode()


def test_a_right_answer_takes_its_place(client, consultation):
    write(client, 1, "Our view.")
    client.post(PAGE, {**ANSWERS, "email": "amina@example"})
    assert client.post(PAGE, ANSWERS).status_code == 303
    draft = Draft.objects.get()
    assert (draft.refused_answers, draft.email, is_complete(draft)) == ({}, ANSWERS["email"], True)
    assert client.get(PAGE).context["form"].errors == {}


@pytest.mark.parametrize("typed", ["a" * (MAX_REFUSED_CHARACTERS + 1), "a\0b@example.org"])
def test_what_no_draft_holds_is_on_the_page_alone(client, consultation, typed):
    answer = client.post(PAGE, {**ANSWERS, "email": typed})
    assert answer.context["form"]["email"].value() == typed
    assert Draft.objects.get().refused_answers == {}


def test_it_is_never_sent(client, consultation):
    write(client, 1, "Our view.")
    client.post(PAGE, {**ANSWERS, "email": "amina@example"})
    client.post(f"{HOME}send/")
    assert not Submission.objects.exists()


def test_groups_are_explained_where_one_chooses(client, consultation):
    page = squeezed(client.get(PAGE))
    assert '<a href="/help/#groups" target="_blank">' in page
    explained = squeezed(client.get("/help/")).partition('<h2 id="groups">')[2].partition("</dl>")[0]
    choices = re.findall(r'name="stakeholder_group"[^>]*>\s*<span>([^<]+)<', page)
    assert re.findall(r"<dt>([^<]+)</dt>", explained) == choices
    assert len(choices) == 7


def test_each_answer_has_its_own_way_to_be_changed(client, consultation):
    write(client, 1, "Our view.")
    write(client, 3, "Another.")
    client.post(PAGE, ANSWERS)
    client.post(f"{HOME}publication/", {"theme-3": "anonymous"})
    check, form = squeezed(client.get(f"{HOME}send/")), client.get(PAGE).content.decode()
    anchors = re.findall(rf'href="{PAGE}#([a-z_0-9]+)"', check)
    assert len(anchors) == len(set(anchors)) == 8
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in form] == []
    # What differs for one area stands beside what holds for all.
    assert "<dt>Otherwise for single areas</dt><dd>3</dd>" in check
    assert "Otherwise for single areas" in client.get(f"{HOME}draft/").content.decode()
