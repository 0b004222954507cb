"""Figures for monitoring: who may read them, what they say, and that all web processes are in them."""

import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from submissions.models import Mail
from tests.stack import Stack
from tests.visitor import HOME, ready_to_send
from wsis import heartbeat
from wsis.models import Heartbeat

TOKEN = "a-long-token-of-a-test"
BEARER = {"authorization": f"Bearer {TOKEN}"}
Sample = tuple[str, frozenset[tuple[str, str]]]


def parsed(text: str) -> dict[Sample, float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figures(client: Client) -> dict[Sample, float]:
    return parsed(client.get("/metrics/", headers=BEARER).content.decode())


def of(name: str, **labels: str) -> Sample:
    return name, frozenset(labels.items())


@pytest.mark.django_db
@pytest.mark.parametrize("given", [None, "", "Bearer ", f"Bearer {TOKEN}x", "Bearer Ω", TOKEN[:-1]])
def test_without_the_token_there_is_no_such_page(client, settings, given):
    headers = {} if given is None else {"authorization": given}
    for token in ("", TOKEN):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics/", headers=headers).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics/", headers=BEARER).status_code == 200
    assert client.post("/metrics/", headers=BEARER).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_what_waits_and_how_long(client, seeded, settings):
    settings.METRICS_TOKEN = TOKEN
    before = figures(client)
    assert before[of("wsis_mails_waiting")] == 0
    assert not [name for name, _labels in before if name.startswith("wsis_round_of_beat")]
    heartbeat.beat(Heartbeat.Part.WORKER)
    ready_to_send(client)
    client.post(f"{HOME}send/")
    Mail.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    after = figures(client)
    assert after[of("wsis_mails_waiting")] == 1
    assert 300 <= after[of("wsis_oldest_mail_waiting_seconds")] < 360
    assert after[of("wsis_sendings", round="elements-paper")] == 1
    left = (seeded.closes_at - timezone.now()).total_seconds()
    assert left <= after[of("wsis_seconds_to_cutoff", round="elements-paper")] < left + 60
    assert 0 <= after[of("wsis_round_of_beat_and_worker_age_seconds")] < 120
    assert after[of("wsis_records_missing")] == 0


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_name_nobody(client, seeded, settings):
    settings.METRICS_TOKEN = TOKEN
    before = figures(client)
    for number in (1, 2, 3):
        client.get(f"{HOME}themes/{number}/?who=somebody")
    client.get("/nowhere/")
    after = figures(client)

    def more(name: str, **labels: str) -> float:
        return after[of(name, **labels)] - before.get(of(name, **labels), 0.0)

    assert more("wsis_answers_total", view="submissions:write", status="200") == 3
    assert more("wsis_request_seconds_count", view="submissions:write", method="GET") == 3
    assert more("wsis_request_waited_seconds_count", lane="reading") >= 4
    text = client.get("/metrics/", headers=BEARER).content.decode()
    assert "somebody" not in text
    assert "/themes/" not in text


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_all_web_processes_are_in_one_answer():
    with Stack.ready(METRICS_TOKEN=TOKEN, WEB_PROCESSES="2") as stack:
        for _turn in range(40):
            stack.get("/help/")
        request = urllib.request.Request(f"{stack.url}/metrics/", headers=BEARER)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
        assert parsed(text)[of("wsis_answers_total", view="help", status="200")] == 40
        with pytest.raises(urllib.error.HTTPError, match="404"):
            stack.get("/metrics/")
