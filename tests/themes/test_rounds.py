"""What a process keeps of the rounds: what the database holds, a second old at most, shared by its threads."""

import threading
import time
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.threads import at_once
from themes import rounds
from themes.models import Announcement, Consultation, Extension, Milestone, Theme, ThemeKind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def round_(seeded):
    """With everything that belongs to one."""
    moved = Extension.objects.create(
        consultation=seeded,
        previous_cutoff=seeded.closes_at,
        new_cutoff=seeded.closes_at + timedelta(days=1),
        announced_at=timezone.now(),
        reason="Asked for.",
    )
    Announcement.objects.create(extension=moved, language="fr", text="Demandé.")
    return seeded


CHANGES = {
    Consultation: {"headline_fr": "Autre"},
    Theme: {"prompt_en": "Another"},
    ThemeKind: {"name_en": "Another"},
    Milestone: {"title_en": "Another"},
    Extension: {"reason": "Another"},
    Announcement: {"text": "Autre"},
}


@pytest.mark.parametrize("model", CHANGES)
def test_whatever_is_changed_is_read_anew(round_, model):
    before = rounds.version()
    row = model.objects.order_by("pk").first()
    assert model.objects.filter(pk=row.pk).update(**CHANGES[model]) == 1
    after = rounds.version()
    assert after != before
    consultation = rounds.consultation_at(round_.slug)
    kept = [
        consultation,
        *consultation.themes.all(),
        *(theme.kind for theme in consultation.themes.all() if theme.kind),
        *consultation.milestones.all(),
        *consultation.extensions.all(),
        *(each for change in consultation.extensions.all() for each in change.announcements.all()),
    ]
    assert [getattr(one, name) for one in kept if one == row for name in CHANGES[model]][:1] == [
        *CHANGES[model].values()
    ]


@pytest.mark.usefixtures("owner")
def test_a_row_less_or_more_is_a_change_too(round_):
    versions = [rounds.version()]
    extra = Milestone.objects.create(consultation=round_, position=90, title_en="More", date_en="2028")
    versions.append(rounds.version())
    extra.delete()
    versions.append(rounds.version())
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE themes_announcement")
    versions.append(rounds.version())
    assert len(set(versions)) == 4


def test_it_is_read_once_and_everything_of_it(round_, monkeypatch):
    rounds.consultations()
    monkeypatch.setattr(rounds, "MAX_AGE", 60.0)
    with CaptureQueriesContext(connection) as seen:
        consultation = rounds.consultation_at(round_.slug)
        assert consultation is rounds.consultation_at(round_.slug)
        assert [theme.max_words for theme in consultation.themes.all()] == [1000] * 16
        assert [theme.kind.name for theme in consultation.themes.all() if theme.kind]
        assert [change.announcement for change in consultation.extensions.all()] == ["Asked for."]
        assert consultation.milestones.all()[0].title
    assert [query["sql"] for query in seen] == []


def test_unchanged_it_costs_one_statement_and_stays_the_same_object(round_):
    kept = rounds.consultation_at(round_.slug)
    with CaptureQueriesContext(connection) as seen:
        assert rounds.consultation_at(round_.slug) is kept
    assert len(seen) == 1


def test_it_is_as_old_as_it_may_be_and_no_older(round_, monkeypatch):
    rounds.consultations()
    monkeypatch.setattr(rounds, "MAX_AGE", 60.0)
    Consultation.objects.update(headline_en="New")
    assert rounds.consultation_at(round_.slug).headline_en != "New"
    # A colleague, and whoever was refused, is told what stands in the database now.
    assert rounds.consultation_at(round_.slug, max_age=0).headline_en == "New"
    assert rounds.consultation_at(round_.slug).headline_en == "New"
    Consultation.objects.update(headline_en="Newer")
    monkeypatch.setattr(rounds, "_last", replace(rounds._last, checked_at=rounds._last.checked_at - 60))
    assert rounds.consultation_at(round_.slug).headline_en == "Newer"


def test_what_is_not_committed_is_not_seen(round_):
    seen: list[bool] = []

    def look() -> None:
        seen.append(rounds.consultation_at(round_.slug).headline_en == "New")

    with transaction.atomic():
        Consultation.objects.update(headline_en="New")
        at_once(look)
    at_once(look)
    assert seen == [False, True]


def test_what_was_just_published_is_found_at_once(round_, client, monkeypatch):
    Consultation.objects.update(public_since=None)
    assert client.get("/elements-paper/").status_code == 404
    monkeypatch.setattr(rounds, "MAX_AGE", 60.0)
    Consultation.objects.update(public_since=timezone.now())
    assert client.get("/elements-paper/").status_code == 200
    Consultation.objects.update(slug="renamed")
    assert client.get("/renamed/").status_code == 200


def test_a_colleague_sees_at_once_what_they_changed(round_, manager, client, monkeypatch):
    client.get("/elements-paper/")
    monkeypatch.setattr(rounds, "MAX_AGE", 60.0)
    Consultation.objects.update(headline_en="Changed just now")
    assert "Changed just now" not in client.get("/elements-paper/about-you/").content.decode()
    assert "Changed just now" in manager.get("/elements-paper/").content.decode()


def test_a_silent_database_holds_up_no_thread_for_as_long_as_it_does_another(round_, client, monkeypatch):
    """One thread asks; the others say after a moment that it is away, and serve the next visitor."""
    monkeypatch.setattr(rounds, "LOCK_SECONDS", 0.1)
    is_asked, answers = threading.Event(), threading.Event()

    def silent() -> uuid.UUID:
        is_asked.set()
        assert answers.wait(30)
        return uuid.uuid4()

    with monkeypatch.context() as away:
        away.setattr(rounds, "_version", silent)
        first = threading.Thread(target=rounds.consultations)
        first.start()
        assert is_asked.wait(30)
        began = time.monotonic()
        answer = client.get(f"/{round_.slug}/")
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert time.monotonic() - began < 20
        answers.set()
        first.join(30)
    assert client.get(f"/{round_.slug}/").status_code == 200
