from datetime import timedelta

import pytest
from icalendar import Calendar

from themes import cutoff_changes
from themes.intake import database_now

pytestmark = pytest.mark.django_db(transaction=True)


def entry(client):
    response = client.get("/elements-paper/deadline.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    return event


def test_the_cutoff_to_the_second_in_utc(client, consultation):
    event = entry(client)
    assert event.decoded("dtstart") == consultation.closes_at.replace(microsecond=0)
    assert event.decoded("dtstart").tzinfo.utcoffset(None) == timedelta(0)
    assert str(event["summary"]) == f"Deadline: {consultation.title}"
    assert str(event["url"]).endswith("/elements-paper/")
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(days=-1)


def test_after_an_extension_it_replaces_the_entry_before(client, consultation):
    before = entry(client)
    cutoff_changes.move_cutoff(
        consultation_id=consultation.pk, closes_at=database_now() + timedelta(days=9), reason="More time.", by=None
    )
    after = entry(client)
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstart") > before.decoded("dtstart")
