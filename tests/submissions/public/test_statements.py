"""How many SQL statements the public pages take: exactly, so that one more shows when it comes."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from submissions.models import Submission
from tests.pages import fields_of
from tests.visitor import ANSWERS, HOME, proposal_rows, write
from themes import rounds

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "The review should say how. " * 50


def statements(request: Callable[[], object]) -> int:
    """Without BEGIN and COMMIT."""
    with CaptureQueriesContext(connection) as seen:
        request()
    return sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in seen)


@pytest.fixture(autouse=True)
def _known_round(seeded, monkeypatch):
    """As in a process that has asked within the last second whether the round has changed."""
    rounds.consultations()
    monkeypatch.setattr(rounds, "MAX_AGE", 600.0)


@pytest.fixture
def drafter(client, seeded) -> Client:
    """Has written on three areas, on one of them with wording, and said who they are."""
    for number in (1, 2, 3):
        write(client, number, TEXT, **proposal_rows(("12", "Shall.", "")) if number == 1 else {})
    client.post(f"{HOME}about-you/", ANSWERS)
    return client


@pytest.mark.parametrize(
    ("path", "strangers", "drafters"),
    [("", 0, 2), ("themes/1/", 0, 2), ("about-you/", 0, 2), ("send/", 0, 2), ("come-back/", 0, 1), ("draft/", 0, 2)],
)
def test_a_page(drafter, path, strangers, drafters):
    """For whoever has no draft, and for whoever has one."""
    stranger = Client()
    assert statements(lambda: stranger.get(HOME + path)) == strangers
    assert statements(lambda: drafter.get(HOME + path)) == drafters


def test_saving_an_area(drafter):
    """By its form, as the page has it: the first text, the same again, another, and by the page's script."""
    page = drafter.get(f"{HOME}themes/5/")
    fields = {name: value for name, value in fields_of(page) if not name.startswith("csrf")}

    def save(text: str, **more: str) -> None:
        fields["version"] = dict(fields_of(drafter.get(f"{HOME}themes/5/")))["version"]
        counted.append(statements(lambda: write(drafter, 5, text, **{**fields, **more})))

    counted: list[int] = []
    save("First.")
    save("First.")
    save("Second.")
    assert counted == [5, 4, 5]
    form = {**fields, "version": "2", "text": "Third."}
    script = {"headers": {"Accept": "application/json"}}
    assert statements(lambda: drafter.post(f"{HOME}themes/5/", form, **script)) == 6


@pytest.mark.parametrize("areas", [3, 15])
def test_sending(client, seeded, areas):
    for number in range(1, areas + 1):
        write(client, number, TEXT)
    client.post(f"{HOME}about-you/", ANSWERS)
    assert statements(lambda: client.post(f"{HOME}send/")) == 7
    assert Submission.objects.count() == 1


def test_a_whole_journey(client, seeded):
    """Three areas, read and written on, who is writing, the check, the sending and the receipt: thirteen requests."""

    def journey() -> None:
        client.get("/")
        for number in (1, 2, 3):
            page = client.get(f"{HOME}themes/{number}/")
            write(client, number, TEXT, **dict(fields_of(page)))
        client.get(f"{HOME}about-you/")
        client.post(f"{HOME}about-you/", ANSWERS)
        client.get(f"{HOME}send/")
        client.post(f"{HOME}send/")
        client.get(f"{HOME}receipt/")

    assert statements(journey) == 41
    assert Submission.objects.count() == 1
