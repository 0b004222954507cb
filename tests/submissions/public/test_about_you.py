"""Who is writing: what was typed and refused is there again, and is never sent."""

import re

import pytest
from django.forms import Select
from django.utils import translation

from submissions.models import Draft, Submission
from submissions.public.about_you import MAX_REFUSED_CHARACTERS
from submissions.respondent_form import RespondentForm
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
    assert (draft.refused_answers, draft.email, draft.is_complete) == ({}, ANSWERS["email"], True)
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


def test_complete_is_what_the_form_would_take(consultation):
    """Of every set of right answers and missing ones."""
    texts = [name for name in ANSWERS if name not in {"submitting_as", "has_accepted_privacy"}]
    for capacity in ("", "individual", "organisation"):
        for accepted in (True, False):
            for n in range(2 ** len(texts)):
                given = {name: ANSWERS[name] if n >> place & 1 else "" for place, name in enumerate(texts)}
                draft = Draft(consultation=consultation, submitting_as=capacity, has_accepted_privacy=accepted, **given)
                form = RespondentForm(draft.answers(), instance=Draft(consultation=consultation))
                assert draft.is_complete is form.is_valid(), given


def parts_of(select: str) -> tuple[set[str], list[str]]:
    """The attributes in any order, and the options in theirs."""
    start, _bracket, options = select.partition(">")
    return set(start.split()), [line.strip() for line in options.splitlines() if line.strip()]


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_countries_are_drawn_as_django_draws_them(language):
    """Whatever is chosen: one of them, none, or what is no country."""
    with translation.override(language):
        for chosen in ("", "KE", "001", "CI", "XX", '"><script>'):
            form = RespondentForm(initial={"country": chosen, "language": "fr"})
            for name in ("country", "language"):
                field = form.fields[name]
                plain = Select(attrs=field.widget.attrs, choices=field.choices)
                drawn = form[name].as_widget()
                attrs = {"id": f"id_{name}", "required": True, "aria-describedby": f"id_{name}_helptext"}
                expected = plain.render(name, form[name].value(), attrs, form.renderer)
                assert parts_of(drawn) == parts_of(expected)
