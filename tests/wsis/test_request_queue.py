"""Who is served first when there is a queue, how long a request has waited, and what is put off."""

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import RequestFactory
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from submissions.models import LateAttempt
from tests.visitor import HOME, ready_to_send, write
from themes.models import Consultation
from wsis import back_pressure
from wsis.back_pressure import READERS_WAIT, RETRY_AFTER
from wsis.request_queue import Lane, Lanes, lane_of, waited, waited_here

DRAFT = "csrftoken=a; __Host-draft-1=key"


@pytest.mark.parametrize(
    ("method", "path", "cookies", "lane"),
    [
        ("POST", f"{HOME}send/", DRAFT, Lane.SENDING),
        ("GET", f"{HOME}send/", DRAFT, Lane.SENDING),
        ("GET", f"{HOME}receipt/", DRAFT, Lane.SENDING),
        ("POST", f"{HOME}withdraw/", DRAFT, Lane.SENDING),
        ("GET", "/health/", "", Lane.SENDING),
        ("POST", f"{HOME}send/", "", Lane.WRITING),  # has nothing to send
        ("POST", f"{HOME}themes/1/", DRAFT, Lane.WRITING),
        ("POST", f"{HOME}about-you/", "", Lane.WRITING),
        ("GET", "/admin/", "", Lane.WRITING),
        ("GET", HOME, DRAFT, Lane.READING),
        ("GET", f"{HOME}send/", "", Lane.READING),
        ("HEAD", f"{HOME}themes/1/", DRAFT, Lane.READING),
        ("GET", f"{HOME}send/x", DRAFT, Lane.READING),
        ("GET", "/nowhere/receipt", DRAFT, Lane.READING),
    ],
)
def test_sending_comes_first_then_what_is_typed_then_reading(method, path, cookies, lane):
    assert lane_of(method, path, cookies) is lane


@dataclass
class FakeRequest:
    command: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeChannel:
    requests: list[Any]


def channel(method: str, path: str, **headers: str) -> FakeChannel:
    return FakeChannel([FakeRequest(method, path, {"COOKIE": DRAFT, **headers})])


def test_the_next_one_is_the_oldest_of_the_first_lane():
    lanes = Lanes()
    asked = [
        channel("GET", HOME),
        channel("POST", f"{HOME}themes/1/"),
        channel("POST", f"{HOME}send/"),
        channel("GET", "/help/"),
        channel("POST", f"{HOME}send/"),
    ]
    for one in asked:
        lanes.append(one)
    assert len(lanes) == 5
    assert [lanes.popleft() for _ in asked] == [asked[2], asked[4], asked[1], asked[0], asked[3]]
    assert not lanes


def test_a_client_stamps_nothing():
    lanes = Lanes()
    lanes.append(channel("GET", HOME, WSIS_CAME_AT="1.0"))
    stamp = float(lanes.popleft().requests[0].headers["WSIS_CAME_AT"])
    assert abs(stamp - time.monotonic()) < 60


@pytest.mark.parametrize(
    "raw",
    [
        b"GARBAGE\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x00\xff / HTTP/1.1\r\n: :\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: odd\r\n\r\n",
    ],
)
def test_what_cannot_be_read_waits_for_its_error_like_any_other(raw):
    request = HTTPRequestParser(Adjustments())
    request.received(raw)
    assert request.completed
    lanes, broken = Lanes(), FakeChannel([request])
    lanes.append(broken)
    assert lanes.popleft() is broken


@pytest.mark.parametrize("stamp", ["", "x", "nan", "inf", "-inf", "1e400", "99999999999"])
def test_a_stamp_that_is_none_is_no_wait(rf, stamp):
    request = rf.get("/", headers={"wsis-came-at": stamp, "x-request-start": f"t={stamp}"})
    assert (waited_here(request), waited(request)) == (0.0, 0.0)


@pytest.fixture
def rf():
    return RequestFactory()


def test_what_the_front_says_counts_where_it_is_trusted(rf, settings):
    front, here = f"t={time.time() - 30:.3f}", f"{time.monotonic() - 5:.6f}"
    request = rf.get("/", headers={"x-request-start": front, "wsis-came-at": here})
    settings.TRUSTED_HOPS = 0
    assert 5 <= waited(request) < 29
    settings.TRUSTED_HOPS = 1
    assert 29.9 <= waited(request) < 90
    # What is put off follows this machine's clock alone.
    assert 5 <= waited_here(request) < 29


def came(seconds: float) -> dict[str, str]:
    return {"wsis-came-at": f"{time.monotonic() - seconds:.6f}"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar", "zh-hans", "fr", "ru", "es"])
def test_a_reader_who_has_waited_is_told_to_come_back(client, seeded, language, django_assert_num_queries):
    back_pressure._pages.clear()
    with django_assert_num_queries(0):
        page = client.get(f"{HOME}themes/1/", headers={**came(READERS_WAIT + 1), "accept-language": language})
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, str(RETRY_AFTER), "no-store")
    text = page.content.decode()
    assert f'<html lang="{language}"' in text
    assert f" {RETRY_AFTER}" in text
    assert client.get(f"{HOME}themes/1/", headers=came(0.1)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_writes_sends_or_works_in_the_workspace_is_never_put_off(client, seeded, manager):
    ready_to_send(client)
    waiting = came(READERS_WAIT + 20)
    assert client.post(f"{HOME}themes/2/", {"text": "More."}, headers=waiting).status_code == 303
    assert client.get(f"{HOME}send/", headers=waiting).status_code == 200
    assert client.post(f"{HOME}send/", headers=waiting).status_code == 303
    assert client.get(f"{HOME}receipt/", headers=waiting).status_code == 200
    assert manager.get("/admin/", headers=waiting).status_code == 200
    assert client.get(HOME, headers=waiting).status_code == 503


@pytest.mark.django_db(transaction=True)
def test_staff_are_told_how_long_a_late_one_had_waited(client, seeded, manager):
    ready_to_send(client)
    # The deadline passes while the sending waits.
    Consultation.objects.update(closes_at=seeded.opens_at + (seeded.closes_at - seeded.opens_at) / 1_000_000)
    write(client, 3, "Kept.")
    assert client.post(f"{HOME}send/", headers=came(7)).status_code == 409
    (attempt,) = LateAttempt.objects.all()
    assert attempt.waited_ms is not None
    assert 7_000 <= attempt.waited_ms < 60_000
    page = manager.get("/admin/submissions/lateattempt/").content.decode()
    assert str(attempt.waited_ms) in page
