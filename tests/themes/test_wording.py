"""What was promised stays: wording is changed with a reason, the public sees both, older documents are understood."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.test import Client

from submissions.documents import plain_text
from submissions.documents.parser import parse
from tests.factories import make_consultation
from tests.roles import as_owner
from tests.texts_page import reword
from themes.intake import database_now
from themes.models import Theme, WordingChange
from themes.wording import as_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_people_have_read_it_so_a_reason_is_wanted_and_published(manager, consultation):
    answer = reword(manager, consultation, **{"1.title": "Connectivity"})
    assert answer.status_code == 422
    assert "People have read these texts" in answer.content.decode()
    # What was typed is on the page still.
    assert ">\nConnectivity</textarea>" in answer.content.decode()
    assert not WordingChange.objects.exists()

    answer = reword(manager, consultation, **{"1.title": "Connectivity", "note": "A slip of the pen."})
    assert answer.status_code == 302
    change = WordingChange.objects.get()
    assert (change.old, change.new, change.note) == ("Theme 1", "Connectivity", "A slip of the pen.")
    assert change.changed_by == get_user_model().objects.get(username="manager")
    page = Client().get("/elements-paper/wording/").content.decode()
    assert '<del lang="en" dir="auto">Theme 1</del>' in page
    assert '<ins lang="en" dir="auto">Connectivity</ins>' in page
    assert "A slip of the pen." in page
    # Who it was is in the trail, and not the public's.
    assert "manager" not in page


def test_a_first_translation_needs_no_reason_and_another_one_does(manager, consultation):
    assert reword(manager, consultation, "fr", **{"1.title": "Connectivite"}).status_code == 302
    assert not WordingChange.objects.exists()
    assert reword(manager, consultation, "fr", **{"1.title": "Connectivité"}).status_code == 422
    assert reword(manager, consultation, "fr", **{"1.title": "Connectivité", "note": "Accent."}).status_code == 302
    assert WordingChange.objects.values_list("language", "old", "new").get() == ("fr", "Connectivite", "Connectivité")


def test_the_source_language_is_never_left_empty(manager, consultation):
    answer = reword(manager, consultation, **{"1.title": " ", "note": "x"})
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()
    assert Theme.objects.get(number=1).title == "Theme 1"


def test_before_the_opening_it_is_nobodys_history(manager, db):
    now = database_now()
    coming = make_consultation(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2), themes=2)
    assert reword(manager, coming, **{"1.title": "Connectivity"}).status_code == 302
    assert not WordingChange.objects.exists()
    assert "Nothing was changed since it opened." in Client().get("/elements-paper/wording/").content.decode()


@pytest.mark.parametrize("page", ["consultation", "theme"])
def test_no_other_form_changes_it(manager, consultation, page):
    row = consultation if page == "consultation" else consultation.themes.get(number=1)
    shown = manager.get(f"/admin/themes/{page}/{row.pk}/change/").content.decode()
    assert 'name="title_en"' not in shown
    assert 'name="prompt_en"' not in shown
    assert 'name="themes-0-title_en"' not in shown
    manager.post(f"/admin/themes/theme/{consultation.themes.get(number=1).pk}/change/", {"title_en": "Other"})
    assert Theme.objects.get(number=1).title == "Theme 1"


def test_it_is_final(consultation, admin_user):
    """For whoever serves the public, and for the tables' owner."""
    change = WordingChange.objects.create(
        consultation=consultation, name="title", language="en", old="a", new="b", note="x", changed_by=admin_user
    )
    rows = WordingChange.objects.filter(pk=change.pk)
    for role in (nullcontext(), as_owner()):
        with role:
            with pytest.raises(DatabaseError, match=r"permission denied|is final"):
                rows.delete()
            with pytest.raises(DatabaseError, match=r"permission denied|is final"):
                rows.update(old="c")
    assert rows.get().old == "a"


def test_as_of_is_the_wording_before_the_first_change_after_a_moment(manager, consultation):
    moments = [database_now()]
    for title in ("One", "Two"):
        reword(manager, consultation, **{"1.title": title, "title": f"Round {title}", "note": "x"})
        moments.append(database_now())
    found = [as_of(consultation, moment) for moment in moments]
    assert [one.title for one in found] == ["Consultation elements-paper", "Round One", "Round Two"]
    assert [one.themes.all()[0].title for one in found] == ["Theme 1", "One", "Two"]
    assert {one.themes.all()[0].consultation.title for one in found} == {one.title for one in found}


def test_a_document_that_was_downloaded_before_is_understood(manager, consultation):
    assert reword(manager, consultation, **{"3.title": "Environment", "note": "x"}).status_code == 302
    text = "3. Theme 3\n\nWhat we say.\n\n4. Theme 4\n\nAnd this."
    parsed = parse(plain_text.read(text), consultation)
    assert {theme.number: content.text for theme, content in parsed.contents.items()} == {
        3: "What we say.",
        4: "And this.",
    }
