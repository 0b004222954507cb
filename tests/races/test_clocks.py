"""The clock of the web host and its TZ word the pages. They decide nothing."""

import time
from datetime import timedelta

import pytest
import time_machine

from submissions.models import Submission
from tests.factories import move_cutoff_behind_now
from tests.visitor import HOME, ready_to_send
from themes.intake import database_now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/New_York"])
@pytest.mark.parametrize("minutes", [-10, 0, 10])
@pytest.mark.parametrize("is_late", [False, True])
def test_ten_minutes_off_either_way(client, consultation, monkeypatch, zone, minutes, is_late):
    ready_to_send(client)
    if is_late:
        move_cutoff_behind_now(consultation)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with time_machine.travel(database_now() + timedelta(minutes=minutes), tick=True):
            response = client.post(f"{HOME}send/")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (response.status_code, Submission.objects.count()) == ((409, 0) if is_late else (303, 1))


def test_a_fast_web_clock_refuses_nobody_who_is_in_time(client, consultation):
    """The host is two days ahead and words the page as closed; what PostgreSQL would take, it takes."""
    ready_to_send(client)
    with time_machine.travel(database_now() + timedelta(days=2), tick=True):
        assert client.post(f"{HOME}send/").status_code == 303
    assert Submission.objects.count() == 1
