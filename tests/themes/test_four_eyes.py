"""Announcements in the site's languages, and changes that take two persons."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from submissions.mail import reminders
from submissions.models import Mail
from tests.factories import close_early, move_cutoff_behind_now
from tests.threads import at_once
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Announcement, AskedChange, Consultation, Extension

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(db):
    """Two who may, each signed in."""
    built = []
    for name in ("first", "second"):
        client = Client()
        client.force_login(get_user_model().objects.create_superuser(name))
        built.append(client)
    return built


def later(days: int) -> str:
    return (database_now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:00")


def press(client, consultation, verb: str, **fields):
    """Checks, and confirms what was shown."""
    url = f"/admin/themes/consultation/{consultation.pk}/{verb}/"
    page = client.post(url, {**fields, "check": "1"})
    shown = page.context["preview"]
    return page, client.post(url, {**fields, "confirm": "1", "shown": shown.isoformat() if shown else ""})


def answer(client, asked, **fields):
    return client.post(f"/admin/themes/consultation/{asked.consultation_id}/asked/{asked.pk}/", fields)


def test_the_announcement_is_previewed_published_and_mailed_in_each_language(two, client, consultation):
    from submissions.drafts import saving

    for language, address in (("fr", "fr@example.org"), ("ru", "ru@example.org")):
        draft = saving.start_draft(consultation, at=database_now())
        type(draft).objects.filter(pk=draft.pk).update(page_language=language, link_email=address)
    result = {"announcement-fr": "Dix jours de plus.\nMerci.", "announcement-ar": "عشرة أيام أخرى."}
    page, answered = press(two[0], consultation, "cutoff", closes_at=later(10), reason="More time.", **result)
    shown = page.content.decode()
    assert "Dix jours de plus.<br>Merci." in shown
    assert 'lang="ar" dir="auto">عشرة أيام أخرى.' in shown
    assert '<dd lang="en" dir="auto">More time.' in shown
    assert "2 drafters who left an address are told by e-mail" in shown
    assert answered.status_code == 302
    assert dict(Announcement.objects.values_list("language", "text")) == {
        "fr": "Dix jours de plus.\nMerci.",
        "ar": "عشرة أيام أخرى.",
    }
    for language, words in {
        "fr": "Dix jours de plus.",
        "ar": "عشرة أيام أخرى.",
        "en": "More time.",
        "ru": "More time.",
    }.items():
        assert words in client.get("/", headers={"accept-language": language}).content.decode()
    assert reminders.queue_due_reminders() == 2
    bodies = dict(Mail.objects.values_list("recipient", "body"))
    assert "Dix jours de plus." in bodies["fr@example.org"]
    assert "More time." in bodies["ru@example.org"]


def test_closing_early_takes_a_second_person(two, consultation):
    first, second = two
    page, answered = press(first, consultation, "close", reason="The room is full.")
    assert "This needs two people" in page.content.decode()
    asked = AskedChange.objects.get()
    assert answered["Location"].endswith(f"/asked/{asked.pk}/")
    assert (asked.kind, asked.asked_by.username, asked.answered_at) == ("closed-early", "first", None)
    # The first cannot do it, whatever they press.
    page = first.get(answered["Location"]).content.decode()
    assert "It waits for one of these to confirm it: second." in page
    assert "Confirm, and do it now" not in page
    answer(first, asked, confirm="1")
    assert Extension.objects.count() == 0
    assert "requested by first, waits for a second person" in second.get("/admin/").content.decode()
    assert "Confirm, and do it now" in second.get(answered["Location"]).content.decode()
    answer(second, asked, confirm="1")
    extension = Extension.objects.get()
    asked.refresh_from_db()
    assert (asked.answered_by.username, asked.extension) == ("second", extension)
    assert (extension.announced_by.username, extension.reason) == ("first", "The room is full.")
    closed = Consultation.objects.get()
    assert closed.closed_at == closed.closes_at == extension.new_cutoff
    # Once.
    answer(second, asked, confirm="1")
    assert Extension.objects.count() == 1
    assert "Done by second" in first.get(answered["Location"]).content.decode()


def test_an_earlier_cutoff_takes_a_second_person_too(two, consultation):
    """Or one person could close in a minute what takes two to close now."""
    soon = (database_now() + timedelta(minutes=30)).astimezone(ZoneInfo(consultation.time_zone))
    page, answered = press(two[0], consultation, "cutoff", closes_at=soon.strftime("%Y-%m-%dT%H:%M:00"), reason="x")
    assert "This needs two people" in page.content.decode()
    assert Extension.objects.count() == 0
    asked = AskedChange.objects.get()
    assert (asked.kind, answered["Location"].endswith(f"/asked/{asked.pk}/")) == ("moved", True)
    answer(two[1], asked)  # without the button nothing happens
    assert Extension.objects.count() == 0
    answer(two[1], asked, confirm="1")
    assert Consultation.objects.get().closes_at == asked.new_cutoff


def test_a_cutoff_moved_meanwhile_is_not_brought_forward_by_one(consultation):
    """Later than what the page showed, and earlier than what stands under the lock."""
    first, second = (consultation.closes_at + timedelta(days=days) for days in (5, 10))
    cutoff_changes.move_cutoff(consultation_id=consultation.pk, closes_at=second, reason="x", by=None)
    with pytest.raises(ValidationError, match="would bring it forward"):
        cutoff_changes.move_cutoff(consultation_id=consultation.pk, closes_at=first, reason="x", by=None)
    assert Consultation.objects.get().closes_at == second
    assert Extension.objects.count() == 1


def test_called_off_by_either(two, consultation):
    for client in two:
        press(two[0], consultation, "close", reason="x")
        asked = AskedChange.objects.latest("pk")
        answer(client, asked, decline="1")
        asked.refresh_from_db()
        assert (asked.answered_at is None, asked.extension) == (False, None)
        answer(two[1], asked, confirm="1")
    assert Extension.objects.count() == 0
    assert Consultation.objects.get().closed_at is None


def test_called_off_after_it_was_done_says_that_it_was(two, consultation):
    press(two[0], consultation, "close", reason="x")
    asked = AskedChange.objects.get()
    second = get_user_model().objects.get(username="second")
    cutoff_changes.confirm_change(asked, by=second)
    assert cutoff_changes.decline(asked, by=second) is False
    assert AskedChange.objects.get().extension is not None


def test_asked_for_too_long_ago_or_overtaken(two, consultation):
    press(two[0], consultation, "close", reason="x")
    asked = AskedChange.objects.get()
    AskedChange.objects.update(asked_at=database_now() - timedelta(hours=25))
    page = answer(two[1], asked, confirm="1").content.decode()
    assert "Nobody confirmed it within a day." in page
    press(two[0], consultation, "close", reason="x")
    move_cutoff_behind_now(consultation)
    page = answer(two[1], AskedChange.objects.latest("pk"), confirm="1").content.decode()
    assert "is not open, so it cannot be closed early" in page
    assert Extension.objects.count() == 0


def test_reopening_takes_one_too(two, consultation):
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    press(
        two[0], consultation, "reopen", closes_at=later(2), reason="An outage.", **{"announcement-en": "Two days more."}
    )
    answer(two[1], AskedChange.objects.get(), confirm="1")
    assert Consultation.objects.get().closed_at is None
    assert Announcement.objects.get().text == "Two days more."


def test_the_database_holds_that_it_is_another_one(two, consultation):
    press(two[0], consultation, "close", reason="x")
    asked = AskedChange.objects.get()
    with pytest.raises(ValidationError):
        cutoff_changes.confirm_change(asked, by=asked.asked_by)
    extension = close_early(consultation)
    with pytest.raises(IntegrityError, match="asked_change_done_by_another"), transaction.atomic():
        AskedChange.objects.filter(pk=asked.pk).update(
            answered_by=asked.asked_by, answered_at=asked.asked_at, extension=extension
        )


def test_two_second_persons_at_once_do_it_once(two, consultation):
    press(two[0], consultation, "close", reason="x")
    asked, result = AskedChange.objects.get(), []
    others = [get_user_model().objects.create_superuser(f"third-{n}") for n in range(2)]

    def confirm(user):
        try:
            cutoff_changes.confirm_change(asked, by=user)
            result.append("done")
        except ValidationError as refusal:
            result.append(str(refusal.code))

    at_once(*(partial(confirm, user) for user in others))
    assert sorted(result) == ["answered", "done"]
    assert Extension.objects.count() == 1


@pytest.mark.parametrize(
    ("verb", "closes_at", "sentence"),
    [
        ("cutoff", -1, "lies in the past"),
        ("cutoff", None, "same as the present one"),
        ("reopen", 5, "has not closed"),
        ("reopen", -5, "has not closed"),
    ],
)
def test_checking_refuses_what_doing_it_would(two, consultation, verb, closes_at, sentence):
    present = consultation.closes_at.astimezone(ZoneInfo(consultation.time_zone)).replace(second=0, microsecond=0)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=present)
    when = present.strftime("%Y-%m-%dT%H:%M:00") if closes_at is None else later(closes_at)
    checked, done = press(two[0], consultation, verb, closes_at=when, reason="Why.")
    for page in (checked, done):
        assert page.status_code == 200
        assert sentence in page.content.decode()
        assert not page.context["is_checked"]
    assert not AskedChange.objects.exists()
    assert not Extension.objects.exists()


def test_what_waits_is_told_and_not_asked_for_twice(two, consultation):
    press(two[0], consultation, "close", reason="The room is full.")
    page = two[1].get(f"/admin/themes/consultation/{consultation.pk}/close/").content.decode()
    asked = AskedChange.objects.get()
    assert "requested by first" in page
    assert f"/asked/{asked.pk}/" in page
    _checked, again = press(two[1], consultation, "close", reason="Too.")
    assert "This was asked for before" in again.content.decode()
    assert AskedChange.objects.count() == 1
