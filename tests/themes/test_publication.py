"""A consultation that is being set up: who sees it where, what is taken meanwhile, and how it becomes public."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver, reverse

from submissions.models import Draft, Record, Submission
from submissions.sending.refusals import IntakeNotOpen
from tests.factories import make_consultation, send
from themes import cutoff_changes, publication
from themes.intake import database_now
from themes.models import Consultation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hidden(consultation):
    """Beside the one that is open: another, whose window has begun, and which nobody has published."""
    now = database_now()
    built = make_consultation(
        slug="zero-draft", opens_at=now - timedelta(days=1), closes_at=now + timedelta(hours=5), themes=2
    )
    Consultation.objects.filter(pk=built.pk).update(public_since=None)
    built.refresh_from_db()
    return built


def public_addresses(slug: str) -> list[str]:
    """Every address of a consultation's public side, from the site's own map."""
    usual = {"slug": slug, "number": 1, "language": "fr", "kind": "txt", "token": "x", "reference": "x"}
    found = []
    for name, entries in get_resolver().namespace_dict["submissions"][1].reverse_dict.lists():
        for possibilities, pattern, _defaults, _converters in entries:
            parts = possibilities[0][1]
            if isinstance(name, str) and "slug" in parts:
                found.append(reverse(f"submissions:{name}", kwargs={part: usual.get(part, 1) for part in parts}))
                assert pattern
    return sorted(set(found))


def test_no_visitor_sees_it_at_any_address(hidden, consultation):
    there, not_there = public_addresses("zero-draft"), public_addresses("no-such-round")
    assert len(there) > 12
    visitor = Client()
    for path, beside in zip(there, not_there, strict=True):
        for method in ("get", "post"):
            assert getattr(visitor, method)(path).status_code in {404, 405}, path
            assert getattr(visitor, method)(path).status_code == getattr(visitor, method)(beside).status_code
    # The front page is the open one's, and lists no second.
    page = visitor.get("/").content.decode()
    assert str(consultation.title) in page
    assert "zero-draft" not in page
    assert not Draft.objects.filter(consultation=hidden).exists()


def test_whoever_is_signed_in_but_no_colleague_sees_nothing(hidden, db):
    client = Client()
    client.force_login(get_user_model().objects.create_user("visitor"))
    assert client.get("/zero-draft/").status_code == 404
    colleague = get_user_model().objects.create_user("new", is_staff=True)
    client.force_login(colleague)
    assert client.get("/zero-draft/").status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [("upcoming", "You can write here from"), ("open", "Save and go on"), ("closed", "This consultation has closed")],
)
def test_the_secretariat_sees_it_in_every_state(hidden, manager, state, words):
    assert manager.get(f"/zero-draft/?as={state}").status_code == 200
    # The state stays while one goes through the pages.
    page = manager.get("/zero-draft/themes/1/").content.decode()
    assert "Preview: not public yet." in page
    assert words in page


def test_a_preview_takes_nothing(hidden, manager):
    for path in public_addresses("zero-draft"):
        assert manager.post(path, {"text": "A text."}).status_code in {403, 405}, path
    assert not Draft.objects.exists()
    assert "Nothing is saved" in manager.post("/zero-draft/themes/1/", {"text": "A text."}).content.decode()


def test_the_database_takes_nothing_either(hidden):
    with pytest.raises(IntakeNotOpen):
        send(hidden, {1: "A text."})
    assert not Submission.objects.exists()


def test_no_sweep_closes_it(hidden):
    Consultation.objects.filter(pk=hidden.pk).update(
        opens_at=database_now() - timedelta(days=2), closes_at=database_now() - timedelta(days=1)
    )
    assert cutoff_changes.close_due_consultations() == []
    assert not Record.objects.exists()


def test_published_it_is_everybodys(hidden, manager):
    url = f"/admin/themes/consultation/{hidden.pk}/publish/"
    page = manager.get(url).content.decode()
    assert "Its opening has passed" in page
    assert "/zero-draft/?as=closed" in page
    assert manager.post(url, {}).status_code == 200  # looking is not publishing
    assert manager.post(url, {"publish": "1"}).status_code == 302
    assert Client().get("/zero-draft/").status_code == 200
    # Two are open: a chooser, and never an accident.
    assert "zero-draft" in Client().get("/").content.decode()
    assert send(hidden, {1: "A text."})
    # It has opened: what people were told stays.
    assert manager.post(url, {"take-back": "1"}).status_code == 302
    assert publication.is_public(Consultation.objects.get(pk=hidden.pk))


def test_until_it_opens_it_can_be_taken_back(hidden, manager):
    now = database_now()
    Consultation.objects.filter(pk=hidden.pk).update(
        opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2), public_since=now
    )
    assert Client().get("/zero-draft/").status_code == 200
    url = f"/admin/themes/consultation/{hidden.pk}/publish/"
    assert "can be taken back" not in manager.get(url).content.decode()
    assert "Withdraw it" in manager.get(url).content.decode()
    assert manager.post(url, {"take-back": "1"}).status_code == 302
    assert Client().get("/zero-draft/").status_code == 404


@pytest.mark.parametrize("wanting", ["areas", "deadline", "title"])
def test_what_is_not_done_is_named_and_keeps_it_back(hidden, manager, wanting):
    if wanting == "areas":
        hidden.themes.all().delete()
    elif wanting == "deadline":
        Consultation.objects.filter(pk=hidden.pk).update(closes_at=database_now() - timedelta(hours=1))
    else:
        hidden.themes.filter(number=1).update(title_en=" ")
    answer = manager.post(f"/admin/themes/consultation/{hidden.pk}/publish/", {"publish": "1"})
    assert answer.status_code == 422
    assert "Not done yet" in answer.content.decode()
    assert Client().get("/zero-draft/").status_code == 404


def test_a_manager_makes_one_and_it_is_not_public(consultation, manager):
    """As on a Monday morning: saved, and seen by nobody."""
    empty = {
        f"{name}-{part}": "0" for name in ("extensions", "kinds", "themes", "themes-2", "milestones") for part in FORMS
    }
    form = {
        "title_en": "Consultation on the Zero Draft",
        "headline_en": "Tell us",
        "introduction_en": "An introduction.",
        "document_title_en": "Zero Draft",
        "slug": "zero-draft",
        "published_at": "2027-08-29T00:00:00",
        "time_zone": "America/New_York",
        "opens_at": "2020-08-29T00:00:00",
        "closes_at": "2037-09-03T00:00:00",
        "word_limit": "1000",
        **empty,
    }
    assert manager.post("/admin/themes/consultation/add/", form).status_code == 302
    added = Consultation.objects.get(slug="zero-draft")
    assert added.public_since is None
    assert Client().get("/zero-draft/").status_code == 404
    assert str(consultation.title) in Client().get("/").content.decode()
    # Until it is published its deadline is typed like any other date.
    typed = {**form, "closes_at": "2037-09-04T00:00:00"}
    assert manager.post(f"/admin/themes/consultation/{added.pk}/change/", typed).status_code == 302
    assert Consultation.objects.get(slug="zero-draft").closes_at == added.closes_at + timedelta(days=1)


FORMS = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
