"""Consultations in the workspace: typed in their zone, moved with a reason, and what stays once they have opened."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from submissions.export import records
from submissions.models import Record
from tests.factories import make_consultation, move_cutoff_behind_now, send
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import AskedChange, Consultation, Extension, Question
from wsis.typography import short_datetime

pytestmark = pytest.mark.django_db(transaction=True)


def deadline(client, consultation, verb, **form):
    return client.post(f"/admin/themes/consultation/{consultation.pk}/{verb}/", form)


def answer_last(client):
    asked = AskedChange.objects.latest("pk")
    return client.post(f"/admin/themes/consultation/{asked.consultation_id}/asked/{asked.pk}/", {"confirm": "1"})


def confirm(client, consultation, verb, **form):
    """Checks first, then confirms what was shown, as the page makes a person do."""
    page = deadline(client, consultation, verb, **form, check="1").content.decode()
    shown = re.findall(r'name="shown" value="([^"]*)"', page)
    return deadline(client, consultation, verb, **form, confirm="1", shown=shown[0] if shown else "")


def test_moving_the_cutoff_shows_it_first(admin_client, consultation):
    before = consultation.closes_at
    form = {"closes_at": "2099-07-26T00:00", "reason": "More time."}
    page = deadline(admin_client, consultation, "cutoff", **form, check="1").content.decode()
    assert "the end of Saturday 25 July 2099, New York time" in page
    assert "26 July 2099, 04:00:00 UTC" in page
    assert Consultation.objects.get().closes_at == before
    # Edited after the check, it is shown again and not done.
    edited = {**form, "closes_at": "2099-08-26T00:00", "shown": "2099-07-26T04:00:00+00:00"}
    page = deadline(admin_client, consultation, "cutoff", **edited, confirm="1").content.decode()
    assert "the end of Tuesday 25 August 2099" in page
    assert Consultation.objects.get().closes_at == before
    assert confirm(admin_client, consultation, "cutoff", **form).status_code == 302
    assert Extension.objects.get().announced_by == get_user_model().objects.get()
    assert f"{Consultation.objects.get().closes_at:%Y-%m-%d %H:%M}" == "2099-07-26 04:00"


@pytest.mark.parametrize(
    ("closes_at", "message"),
    [
        ("2027-03-14T02:30", "This time does not exist in New York"),
        ("2027-11-07T01:30", "This time comes twice in New York"),
        ("2020-01-01T00:00", "The new deadline lies in the past"),
        ("soon", "Write a date and a time"),
        ("", "This field is required"),
    ],
)
def test_a_cutoff_that_cannot_be_is_refused(admin_client, consultation, closes_at, message):
    response = confirm(admin_client, consultation, "cutoff", closes_at=closes_at, reason="x")
    assert message in response.content.decode()
    assert Extension.objects.count() == 0


def test_saving_an_old_page_does_not_reopen_a_closed_consultation(admin_client, consultation):
    """Reproduced in other systems: load the form, let the sweep close, press save, and it is open again."""
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    closed = Consultation.objects.get()
    form = {
        "slug": "elements-paper",
        "title_en": "Renamed",
        "headline_en": "Tell us",
        "introduction_en": "An introduction.",
        "document_title_en": "Elements Paper",
        "time_zone": "America/New_York",
        "published_at": "2025-06-20T00:00",
        "opens_at": "2099-01-01T00:00",
        "closes_at": "2099-02-01T00:00",
        "closed_at": "",
        "word_limit": "1000",
    }
    for prefix in ("kinds", "themes", "themes-2", "milestones", "extensions"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    response = admin_client.post(f"/admin/themes/consultation/{closed.pk}/change/", form)
    assert response.status_code == 302
    after = Consultation.objects.get()
    assert (after.closed_at, after.closes_at) == (closed.closed_at, closed.closes_at)
    # Its wording is changed with a reason, on a page of its own.
    assert after.title == closed.title
    # Nor does it move the opening, which has been: that would shut people out without a word.
    assert after.opens_at == closed.opens_at
    assert after.published_at == datetime(2025, 6, 20, 4, tzinfo=UTC)


def test_a_new_consultation_is_typed_in_its_own_zone(admin_client):
    form = {
        "slug": "zero-draft",
        "title_en": "Consultation on the Zero Draft",
        "headline_en": "Tell us",
        "introduction_en": "An introduction.",
        "document_title_en": "Zero Draft",
        "time_zone": "America/New_York",
        "published_at": "2099-07-01T00:00",
        "opens_at": "2099-07-01T00:00",
        "closes_at": "2099-07-16T00:00",
        "word_limit": "1000",
    }
    for prefix in ("kinds", "themes", "themes-2", "milestones", "extensions"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert admin_client.post("/admin/themes/consultation/add/", form).status_code == 302
    built = Consultation.objects.get(slug="zero-draft")
    assert built.closes_at == datetime(2099, 7, 16, 4, tzinfo=UTC)
    page = admin_client.get(f"/admin/themes/consultation/{built.pk}/change/").content.decode()
    assert 'value="2099-07-01T00:00:00"' in page
    answer = admin_client.post(
        "/admin/themes/consultation/add/", {**form, "slug": "admin", "opens_at": "2099-03-08T02:30"}
    )
    assert "This address is taken by a page of the site" in answer.content.decode()
    assert "This time does not exist in New York" in answer.content.decode()


def test_what_receipts_vouch_for_stays_once_it_has_opened(admin_client, consultation):
    theme = consultation.themes.get(number=3)
    url = f"/admin/themes/theme/{theme.pk}/"
    admin_client.post(
        f"{url}change/", {"consultation": "", "number": 99, "title_en": "Renamed", "kind": "feedback", "prompt_en": ""}
    )
    theme.refresh_from_db()
    assert (theme.number, theme.title, theme.consultation_id) == (3, "Theme 3", consultation.pk)
    assert admin_client.post(f"{url}delete/", {"post": "yes"}).status_code == 403


def test_under_another_zone_the_same_clock_is_another_instant(admin_client, db):
    """Before the opening, with nothing typed but the zone: nine o'clock is nine o'clock there."""
    now = database_now()
    coming = make_consultation(
        slug="coming", opens_at=now + timedelta(days=9), closes_at=now + timedelta(days=20), themes=0
    )
    clock = coming.opens_at.astimezone(ZoneInfo("America/New_York")).replace(microsecond=0, tzinfo=None)
    shown = admin_client.get(f"/admin/themes/consultation/{coming.pk}/change/").content.decode()
    assert f'value="{clock.isoformat()}"' in shown
    form = {
        **{
            name: getattr(coming, name)
            for name in ("slug", "title_en", "headline_en", "introduction_en", "document_title_en")
        },
        "published_at": clock.isoformat(),
        "opens_at": clock.isoformat(),
        "time_zone": "Europe/Zurich",
        "word_limit": "1000",
    }
    for prefix in ("kinds", "themes", "themes-2", "milestones", "extensions"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    answer = admin_client.post(f"/admin/themes/consultation/{coming.pk}/change/", form)
    assert answer.status_code == 302, answer.context["errors"]
    coming.refresh_from_db()
    assert coming.time_zone == "Europe/Zurich"
    there = clock.replace(tzinfo=ZoneInfo("Europe/Zurich"))
    assert (coming.opens_at, coming.published_at) == (there, there)


def test_an_opening_after_the_cutoff_is_refused_and_nothing_is_lost(admin_client, db):
    now = database_now()
    coming = make_consultation(
        slug="coming", opens_at=now + timedelta(days=9), closes_at=now + timedelta(days=20), themes=0
    )
    form = {
        **{name: getattr(coming, name) for name in ("slug", "headline_en", "introduction_en", "document_title_en")},
        "title_en": "Typed with care",
        "published_at": "2099-01-01T00:00",
        "opens_at": "2099-01-01T00:00",
        "time_zone": coming.time_zone,
        "word_limit": "1000",
    }
    for prefix in ("kinds", "themes", "themes-2", "milestones", "extensions"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    answer = admin_client.post(f"/admin/themes/consultation/{coming.pk}/change/", form)
    assert answer.status_code == 200
    assert "The opening has to lie before the deadline." in answer.content.decode()
    assert "Typed with care" in answer.content.decode()


def test_no_area_becomes_a_general_question_nor_the_other_way(admin_client, consultation):
    Consultation.objects.update(public_since=None)  # what people have read keeps its kind anyway
    theme = consultation.themes.get(number=3)
    answer = admin_client.post(
        f"/admin/themes/theme/{theme.pk}/change/", {"title_en": "Three", "kind": "question", "prompt_en": ""}
    )
    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()
    question = Question.objects.create(consultation=consultation, title_en="What else?")
    answer = admin_client.post(
        f"/admin/themes/theme/{question.pk}/change/", {"title_en": "What more?", "kind": "feedback", "prompt_en": ""}
    )
    assert answer.status_code == 302
    question.refresh_from_db()
    assert (question.title, question.kind, question.sign) == ("What more?", None, "Q1")


def test_themes_are_listed_in_order_and_editable(admin_client, seeded):
    page = admin_client.get("/admin/themes/theme/").content.decode()
    titles = list(seeded.themes.values_list("title_en", flat=True))
    places = [page.index(f">{title}</a>") for title in titles]
    assert places == sorted(places)
    theme = seeded.themes.get(number=4)
    Consultation.objects.update(public_since=None)
    response = admin_client.post(
        f"/admin/themes/theme/{theme.pk}/change/",
        {"consultation": seeded.pk, "number": 4, "title_en": "Environment", "kind": theme.kind_id, "prompt_en": ""},
    )
    assert response.status_code == 302
    theme.refresh_from_db()
    assert (theme.title, theme.prompt) == ("Environment", "")


def test_closing_early_and_reopening_are_shown_first_and_public(admin_client, client, consultation):
    send(consultation)
    page = deadline(admin_client, consultation, "close", reason="The room is full.", check="1").content.decode()
    assert "Intake will close at the moment you confirm" in page
    assert Consultation.objects.get().closed_at is None
    confirm(admin_client, consultation, "close", reason="The room is full.")
    assert Consultation.objects.get().closed_at is None  # it takes a second person
    second = Client()
    second.force_login(get_user_model().objects.create_superuser("second"))
    answer_last(second)
    closed = Consultation.objects.get()
    assert closed.closed_at == closed.closes_at
    assert "closed early at" in client.get("/").content.decode()
    records.write_due_records()
    when = (database_now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S")
    confirm(admin_client, consultation, "reopen", closes_at=when, reason="A larger room.")
    answer_last(second)
    assert Consultation.objects.get().closed_at is None
    page = client.get("/").content.decode()
    assert "re-opened until" in page
    assert "A larger room." in page
    assert "Superseded: re-opened after this closing" in admin_client.get("/admin/submissions/record/").content.decode()
    # The superseded record is kept, and can still be had.
    kept = admin_client.get(f"/admin/submissions/record/{Record.objects.get().pk}/download/")
    with zipfile.ZipFile(io.BytesIO(b"".join(kept.streaming_content))) as archive:
        assert archive.read("contributions-spreadsheet.csv").count(b"\r\n") == 2


def test_a_verb_that_does_not_fit_is_refused(admin_client, consultation):
    page = confirm(admin_client, consultation, "reopen", closes_at="2099-01-01T00:00", reason="x")
    assert "has not closed" in page.content.decode()
    move_cutoff_behind_now(consultation)
    page = confirm(admin_client, consultation, "close", reason="x")
    assert "is not open" in page.content.decode()
    assert Extension.objects.count() == 0


def test_outages_and_what_they_justify(admin_client, consultation):
    from wsis.models import Heartbeat

    now = database_now().replace(second=0, microsecond=0)
    alive = [now - timedelta(minutes=n) for n in range(300) if not 100 <= n < 175]
    Heartbeat.objects.bulk_create(Heartbeat(part="web", minute=minute) for minute in alive)
    page = admin_client.get(f"/admin/themes/consultation/{consultation.pk}/change/").content.decode()
    began, ended = (short_datetime(now - timedelta(minutes=minutes)) for minutes in (174, 99))
    assert f"<li>{began} – {ended}</li>" in page
    assert "they justify an extension of 2 hours" in page
