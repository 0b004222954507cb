"""A round made from an earlier one, by a manager; and its areas put in order in their table."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TransactionTestCase

from submissions.models import Tag
from tests.factories import make_consultation
from themes import publication
from themes.fields import LANGUAGES, column
from themes.intake import database_now
from themes.models import Consultation, Milestone, Question, Theme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ADD = "/admin/themes/consultation/add/"
DATES = {
    "slug": "zero-draft",
    "published_at": "2099-07-01T00:00",
    "opens_at": "2099-07-01T00:00",
    "closes_at": "2099-07-16T00:00",
}


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send of a page where nobody has typed."""
    page = client.get(address)
    assert page.status_code == 200
    form = page.context["adminform"].form
    found = {field.html_name: field.value() for field in form}
    for formset in (one.formset for one in page.context["inline_admin_formsets"]):
        found |= {field.html_name: field.value() for field in formset.management_form}
        found |= {field.html_name: field.value() for each in formset.initial_forms for field in each}
    return {name: "" if value is None else value for name, value in found.items() if value is not False}


def copied(client: Client, previous: Consultation, **typed: str) -> Consultation:
    address = f"{ADD}?copy={previous.pk}"
    answer = client.post(address, form_of(client, address) | DATES | typed)
    assert answer.status_code == 302, answer.content.decode()
    return Consultation.objects.get(slug="zero-draft")


def columns_of(row: Any, *names: str) -> dict[str, Any]:
    return {column(name, language): getattr(row, column(name, language)) for name in names for language in LANGUAGES}


def test_everything_comes_along_but_dates(manager, seeded):
    Tag.objects.create(consultation=seeded, name="Gender", colour="violet", description="When it is about it.")
    before = list(Theme.objects.filter(consultation=seeded).values())
    new = copied(manager, seeded, title_en="Consultation on the Zero Draft")

    # A text that was left as it was keeps its translations; one that was changed has none yet.
    assert columns_of(new, "headline", "introduction") == columns_of(seeded, "headline", "introduction")
    assert new.title_en == "Consultation on the Zero Draft"
    assert [getattr(new, column("title", language)) for language in LANGUAGES if language != "en"] == [None] * 5
    for name in ("number", "kind__name_en", "kind__explanation_ar", "word_limit"):
        kept = [list(Theme.objects.filter(consultation=one).values_list(name, flat=True)) for one in (seeded, new)]
        assert kept[0] == kept[1]
    assert set(seeded.kinds.values_list("pk")) & set(new.kinds.values_list("pk")) == set()
    assert set(new.themes.values_list("kind__consultation", flat=True)) == {new.pk, None}
    pairs = zip(seeded.themes.all(), new.themes.all(), strict=True)
    assert all(columns_of(one, "title", "prompt") == columns_of(other, "title", "prompt") for one, other in pairs)
    steps = zip(seeded.milestones.all(), new.milestones.all(), strict=True)
    assert all(columns_of(one, "title") == columns_of(other, "title") for one, other in steps)
    assert set(Milestone.objects.filter(consultation=new).values_list("date_en", "date_ar")) == {("", None)}
    assert Tag.objects.filter(consultation=new).values_list("name", "colour", "description").get() == (
        *("Gender", "violet"),
        "When it is about it.",
    )
    # The earlier one is as it was; the new one is nobody's to see, and cannot be published without its dates.
    assert list(Theme.objects.filter(consultation=seeded).values()) == before
    assert new.public_since is None
    assert Client().get("/zero-draft/").status_code == 404
    left = [check.words for check in publication.checks(new, database_now()) if check.is_wanted and not check.is_done]
    assert left == ["Every step of the timeline says when."]


@pytest.mark.parametrize("which", ["", "0", "99999999", "-1", "x", "9" * 40, "٣", "%00"])
def test_a_copy_of_nothing_is_an_empty_form(manager, consultation, which):
    page = manager.get(f"{ADD}?copy={which}")
    assert page.status_code == 200
    assert page.context["adminform"].form.initial.get("title_en") is None


def test_a_title_is_shown_as_it_was_typed(manager, seeded):
    Consultation.objects.update(title_en="<b>Round</b> & more")
    page = manager.get(f"{ADD}?copy={seeded.pk}").content.decode()
    assert "<b>Round</b>" not in page
    assert "These come along from “&lt;b&gt;Round&lt;/b&gt; &amp; more”" in page


def test_a_mistake_in_the_form_copies_nothing_and_keeps_what_was_typed(manager, seeded):
    address = f"{ADD}?copy={seeded.pk}"
    form = form_of(manager, address) | DATES | {"title_en": "Typed", "closes_at": "2099-06-01T00:00"}
    answer = manager.post(address, form)
    assert answer.status_code == 200
    assert "The deadline must come after the opening." in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()
    assert Consultation.objects.count() == 1


@pytest.fixture
def coming(db):
    now = database_now()
    built = make_consultation(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2), themes=5)
    for title in ("First", "Second", "Third"):
        Question(consultation=built, title_en=title).save()
    return built


def change_page(consultation: Consultation) -> str:
    return f"/admin/themes/consultation/{consultation.pk}/change/"


def test_areas_and_questions_are_put_in_order_taken_out_and_added(manager, coming):
    form = form_of(manager, change_page(coming))
    places = {"themes-0-order": 4, "themes-3-order": 1, "themes-2-DELETE": "on", "themes-2-order": 3}
    kind = coming.kinds.get(position=1)
    added = {"themes-TOTAL_FORMS": 6, "themes-5-order": 2, "themes-5-title_en": "New", "themes-5-kind": kind.pk}
    added |= {
        "themes-5-prompt_en": "",
        "themes-5-word_limit": "",
        "themes-5-id": "",
        "themes-5-consultation": coming.pk,
    }
    questions = {"themes-2-0-order": 3, "themes-2-2-order": 1}
    assert manager.post(change_page(coming), form | places | added | questions).status_code == 302
    rows = Theme.objects.filter(consultation=coming).values_list("number", "title_en")
    assert list(rows) == [
        *[(1, "Theme 4"), (2, "Theme 2"), (3, "New"), (4, "Theme 1"), (5, "Theme 5")],
        *[(101, "Third"), (102, "Second"), (103, "First")],
    ]


@pytest.mark.parametrize("place", ["-1", "0", "x", "1001", "9" * 30, "1.5", "\x00"])
def test_a_place_that_is_none_is_an_error_at_the_field(manager, coming, place):
    answer = manager.post(change_page(coming), form_of(manager, change_page(coming)) | {"themes-0-order": place})
    assert answer.status_code == 200
    tables = {one.formset.prefix: one.formset for one in answer.context["inline_admin_formsets"]}
    assert tables["themes"].forms[0].errors.keys() == {"order"}
    assert list(coming.themes.values_list("title_en", flat=True))[:5] == [f"Theme {n}" for n in range(1, 6)]


def test_once_it_has_opened_nothing_is_moved(manager, consultation):
    form = form_of(manager, change_page(consultation))
    assert "themes-0-order" not in form
    assert manager.post(change_page(consultation), form | {"themes-0-order": "5"}).status_code == 302
    assert list(consultation.themes.values_list("title_en", flat=True)) == [f"Theme {n}" for n in range(1, 16)]


class TestAnyOrder(TransactionTestCase):
    @settings(max_examples=12, deadline=None)
    @given(places=st.lists(st.one_of(st.none(), st.integers(1, 9)), min_size=5, max_size=5))
    def test_is_numbered_from_one_and_loses_none(self, places):
        now = database_now()
        built = make_consultation(
            slug=f"c{Consultation.objects.count()}",
            opens_at=now + timedelta(days=1),
            closes_at=now + timedelta(days=2),
            themes=5,
        )
        client = Client()
        client.force_login(
            User.objects.get_or_create(username="a", is_staff=True, is_superuser=True)[0],
            backend="accounts.sign_on.backend.PasswordBackend",
        )
        typed = {f"themes-{index}-order": "" if place is None else place for index, place in enumerate(places)}
        assert client.post(change_page(built), form_of(client, change_page(built)) | typed).status_code == 302
        rows = list(built.themes.values_list("number", "title_en"))
        assert [number for number, _title in rows] == [1, 2, 3, 4, 5]
        wanted = sorted(range(5), key=lambda index: (places[index] is None, places[index] or 0, index))
        assert [title for _number, title in rows] == [f"Theme {index + 1}" for index in wanted]
