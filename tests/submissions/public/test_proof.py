"""Above a threshold a sending brings a proof of work, or the pass of a mail. Nothing is asked on a quiet day."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import altcha
import pytest
import time_machine
from django.test import Client

from submissions.models import Mail, Submission
from submissions.public import proof
from tests.altcha_proofs import challenge_on, solved
from tests.factories import move_cutoff_behind_now
from tests.visitor import HOME, ready_to_send, write
from themes.intake import database_now
from themes.models import Consultation
from wsis import proof_of_work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(monkeypatch):
    """So much is being sent that everybody proves some work; little, to keep the test short."""
    monkeypatch.setattr(proof_of_work, "ITERATIONS", 10)
    monkeypatch.setattr(proof, "is_wanted", lambda visit: True)


def test_a_quiet_day_shows_nothing_of_it(client, consultation):
    ready_to_send(client)
    page = client.get(f"{HOME}send/").content.decode()
    assert "data-challenge" not in page
    assert "proof.js" not in page


@pytest.mark.parametrize("which", ["FREE_FROM_ONE_NETWORK", "FREE_IN_ALL"])
def test_from_the_threshold_on(consultation, monkeypatch, which):
    monkeypatch.setattr(proof, which, replace(getattr(proof, which), times=2))
    answers = []
    for _turn in range(4):
        client = Client()
        ready_to_send(client)
        answers.append(client.post(f"{HOME}send/").status_code)
    assert answers == [303, 303, 428, 428]
    assert Submission.objects.count() == 2


def test_without_a_proof_nothing_is_sent_and_with_one_it_is(client, consultation, busy):
    ready_to_send(client)
    refused = client.post(f"{HOME}send/")
    assert (refused.status_code, Submission.objects.count()) == (428, 0)
    assert "Nothing was sent yet" in refused.content.decode()
    payload = solved(challenge_on(refused.content.decode()))
    assert client.post(f"{HOME}send/", {"proof": payload})["Location"] == f"{HOME}receipt/"
    assert Submission.objects.count() == 1


def test_a_proof_is_good_for_one_sending(client, consultation, busy):
    ready_to_send(client)
    payload = solved(challenge_on(client.get(f"{HOME}send/").content.decode()))
    other = Client()
    ready_to_send(other)
    assert other.post(f"{HOME}send/", {"proof": payload}).status_code == 428
    assert client.post(f"{HOME}send/", {"proof": payload}).status_code == 303
    write(client, 2, "An afterthought.")
    assert client.post(f"{HOME}send/", {"proof": payload}).status_code == 428


def test_a_proof_that_was_used_is_used_up(busy):
    payload = solved(altcha.Challenge.from_dict(json.loads(proof_of_work.challenge("a"))))
    assert [proof_of_work.is_proven(payload, "a") for _turn in range(2)] == [True, False]


def test_forged_proofs(busy, settings):
    fresh = json.loads(proof_of_work.challenge("a"))
    easier = altcha.Challenge.from_dict({**fresh, "parameters": {**fresh["parameters"], "cost": 1}})
    wrong = altcha.Payload(altcha.Challenge.from_dict(fresh), altcha.Solution(0, "00" * 32)).to_base64()
    for forged in (solved(easier), wrong, "", "x", "e30=", "W10=", "bnVsbA==", "A" * 5_000, solved(easier)[:-9]):
        assert not proof_of_work.is_proven(forged, "a")
    payload = solved(altcha.Challenge.from_dict(fresh))
    assert not proof_of_work.is_proven(payload, "b")
    with time_machine.travel(database_now() + proof_of_work.LIFETIME + timedelta(seconds=2)):
        assert not proof_of_work.is_proven(payload, "a")
    settings.SECRET_KEY = "another"
    assert not proof_of_work.is_proven(payload, "a")


def test_without_script_a_mail_does(client, consultation, busy):
    ready_to_send(client)
    answer = client.post(f"{HOME}send/", {"mail-me": "1"})
    assert (answer.status_code, Submission.objects.count()) == (200, 0)
    assert "A link is on its way" in answer.content.decode()
    mail = Mail.objects.get()
    (link,) = re.findall(r"http://testserver(\S+pass=\S+)", mail.body)
    page = client.get(link).content.decode()
    assert "data-challenge" not in page
    (token,) = re.findall(r'name="pass" value="([^"]+)"', page)
    # It opens nobody's draft, and no other draft's way.
    stranger = Client()
    assert 'name="pass"' not in stranger.get(link).content.decode()
    ready_to_send(stranger)
    assert stranger.post(f"{HOME}send/", {"pass": token}).status_code == 428
    assert client.post(f"{HOME}send/", {"pass": token})["Location"] == f"{HOME}receipt/"


def test_the_pass_is_good_for_a_day(client, consultation, busy):
    ready_to_send(client)
    client.post(f"{HOME}send/", {"mail-me": "1"})
    (token,) = re.findall(r"pass=(\S+)", Mail.objects.get().body)
    Consultation.objects.update(closes_at=database_now() + timedelta(days=9))
    with time_machine.travel(database_now() + timedelta(days=1, seconds=2)):
        assert client.post(f"{HOME}send/", {"pass": token}).status_code == 428


def test_nobody_is_mailed_without_end(client, consultation, busy):
    ready_to_send(client)
    for _turn in range(9):
        client.post(f"{HOME}send/", {"mail-me": "1"})
    assert Mail.objects.count() == 5


def test_too_late_is_said_and_no_proof_is_asked(client, consultation, busy):
    ready_to_send(client)
    move_cutoff_behind_now(consultation)
    answer = client.post(f"{HOME}send/")
    assert answer.status_code == 409
    assert "arithmetic" not in answer.content.decode()
