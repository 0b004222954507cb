"""Kinds of areas are a consultation's own words: written by its staff, translated, copied, and changed in public."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import make_consultation
from tests.pages import squeezed
from tests.texts_page import reword
from themes.intake import database_now
from themes.models import Consultation, Question, Theme, ThemeKind, WordingChange

pytestmark = pytest.mark.django_db

HOME = "/elements-paper/"


def kind(consultation: Consultation, position: int = 1) -> ThemeKind:
    return ThemeKind.objects.get(consultation=consultation, position=position)


def test_the_page_has_the_consultations_own_words(client, consultation):
    ThemeKind.objects.filter(consultation=consultation, position=1).update(
        name_en="Tell us", name_fr="Dites-nous", explanation_en="What is <missing>."
    )
    page = squeezed(client.get(HOME))
    assert "<b>Tell us</b>" in page
    page = squeezed(client.get(f"{HOME}themes/2/"))
    assert '<p class="about"><span>Tell us</span>. <span>What is &lt;missing&gt;.</span></p>' in page


def test_what_is_not_translated_yet_is_marked(client, consultation):
    ThemeKind.objects.filter(consultation=consultation, position=1).update(name_fr="Avis")
    page = squeezed(client.get(HOME, headers={"accept-language": "fr"}))
    assert "<b>Avis</b>" in page
    page = squeezed(client.get(f"{HOME}themes/2/", headers={"accept-language": "fr"}))
    assert '<span lang="en" dir="ltr">What Feedback invited means.</span>' in page


def test_areas_stand_in_the_order_of_the_document_each_with_its_kind(client, consultation):
    Question.objects.create(consultation=consultation, title_en="And else?")
    Theme.objects.filter(consultation=consultation, number=9).update(kind=None)
    page = squeezed(client.get(HOME))
    assert re.findall(r'<li id="area-(\d+)"', page) == [*map(str, range(1, 16)), "101"]
    assert len(re.findall(r"<p><b>", page)) == 14
    assert page.index("<h2>General questions</h2>") > page.index('id="area-15"')
    assert '<p class="about">' not in squeezed(client.get(f"{HOME}themes/9/"))


def test_the_home_page_costs_no_query_for_each_kind(client, consultation, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(HOME)


def test_a_manager_writes_them_until_it_opens(manager, consultation):
    address = f"/admin/themes/consultation/{consultation.pk}/change/"
    assert 'name="kinds-0-name_en"' not in manager.get(address).content.decode()
    Consultation.objects.update(public_since=None)
    other = make_consultation(opens_at=database_now(), closes_at=consultation.closes_at, slug="other", themes=2)
    page = manager.get(address).content.decode()
    assert 'name="kinds-0-name_en"' in page
    assert f'<option value="{kind(consultation).pk}"' in page
    assert f'<option value="{kind(other).pk}"' not in page


def test_a_kind_of_another_consultation_is_refused(consultation):
    other = make_consultation(opens_at=database_now(), closes_at=consultation.closes_at, slug="other", themes=2)
    theme = consultation.themes.get(number=3)
    theme.kind = kind(other)
    with pytest.raises(ValidationError, match="another consultation"):
        theme.full_clean()


def test_a_general_question_has_none_in_the_database_either(consultation):
    question = Question.objects.create(consultation=consultation, title_en="And else?")
    with pytest.raises(IntegrityError, match="theme_questions_have_no_kind"), transaction.atomic():
        Theme.objects.filter(pk=question.pk).update(kind=kind(consultation))


def test_after_the_opening_its_words_are_changed_in_public(manager, client, consultation):
    assert reword(manager, consultation, **{"kind-1.name": "Feedback wanted"}).status_code == 422
    answer = reword(manager, consultation, **{"kind-1.name": "Feedback wanted", "note": "Said more kindly."})
    assert answer.status_code == 302
    assert kind(consultation).name_en == "Feedback wanted"
    change = WordingChange.objects.get()
    assert (change.kind, change.theme, change.old, change.new) == (
        *(kind(consultation), None),
        *("Feedback invited", "Feedback wanted"),
    )
    public = squeezed(client.get(f"{HOME}wording/"))
    assert "Kind of area" in public
    assert "<del" in public
    assert "Feedback invited" in public
