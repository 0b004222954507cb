"""The interface for programs: whole texts in lists, the same filters as the page, and nothing that its OpenAPI does
not say."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from publication import gate, sweep
from publication.models import PublishedText
from submissions.review.redaction import BAR, redact
from tests.factories import CHINESE, FIRST, make_consultation, send, theme
from tests.publication.publishing import people, publish
from themes.intake import database_now
from wsis import shared_pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
API = "/api/v1/rounds"
ROUND = f"{API}/elements-paper"


@pytest.fixture
def published(consultation):
    send(consultation, {1: FIRST, 2: "Libraries open doors."}, organisation="Atoll Union", country="TV")
    send(consultation, {1: CHINESE}, organisation="Zhu", language="zh", stakeholder_group="academia", country="CN")
    for n in range(gate.MIN_ANONYMOUS_SENDERS):
        send(consultation, {2: f"Unsigned {n}."}, consent="anonymous", organisation=f"Secret {n}", country="CH")
    publish(consultation)
    return consultation


def get(client, address: str, status: int = 200):
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.content)
    return answer.json()


def test_a_list_holds_whole_texts(client, published):
    answer = get(client, f"{ROUND}/contributions")
    assert (answer["total"], answer["next"]) == (8, None)
    [found] = [one for one in answer["items"] if one["name"] == "Atoll Union" and one["area"] == 1]
    row = PublishedText.objects.get(public_id=found["id"])
    assert found == {
        "id": row.public_id,
        "url": found["url"],
        "area": 1,
        "is_named": True,
        "sender": row.sender_id,
        "name": "Atoll Union",
        "stakeholder_group": "civil-society",
        "country": "TV",
        "language": "fr",
        "is_late": False,
        "text": FIRST.text,
        "words": row.words,
        "senders": 1,
        "campaign_senders": 1,
        "publication": 1,
        "licence": "CC-BY-4.0",
        "proposals": [
            {"paragraph": "60", "number": 60, "wording": "A link for each village", "reason": "Li Wei says so"}
        ],
    }
    assert get(client, f"{ROUND}/contributions/{row.public_id}") == found
    ids = [one["id"] for one in answer["items"]]
    assert ids == sorted(ids)
    unnamed = [one for one in answer["items"] if not one["is_named"]]
    about_sender = ("sender", "name", "stakeholder_group", "country")
    assert {tuple(one[name] for name in about_sender) for one in unnamed} == {(None,) * 4}


def test_next_leads_through_all_of_them_once(client, published):
    for limit in (1, 3, 8):
        seen, address = [], f"{ROUND}/contributions?limit={limit}"
        while address:
            answer = get(client, address[address.index("/api/") :])
            seen += [one["id"] for one in answer["items"]]
            address = answer["next"]
        assert sorted(seen) == sorted(PublishedText.objects.values_list("public_id", flat=True))
        assert len(seen) == 8


FILTERS = {
    "area=2": 6,
    "group=academia": 1,
    "region=SIDS": 2,
    "language=zh": 1,
    "paragraph=60": 1,
    "q=library": 1,
    "q=人工智能&area=1": 1,
    "q=zyzzyva": 0,
}


def test_filters_are_those_of_the_page(client, published):
    found = {query: get(client, f"{ROUND}/contributions?{query}")["total"] for query in FILTERS}
    assert found == FILTERS
    for query in ("area=77", "group=aliens", "region=Mars", "language=tlh"):
        get(client, f"{ROUND}/contributions?{query}", 404)
    for query in ("area=x", "limit=0", "limit=201", "after=%27", f"q={'a' * 201}"):
        get(client, f"{ROUND}/contributions?{query}", 422)


def test_rounds_areas_documents_and_proposals(client, published):
    make_consultation(opens_at=database_now(), closes_at=published.closes_at.replace(year=2090), slug="later")
    assert [(one["slug"], one["is_published"], one["licence"]) for one in get(client, API)] == [
        ("later", False, None),
        ("elements-paper", True, "CC-BY-4.0"),
    ]
    areas = get(client, f"{ROUND}/areas")
    assert [(one["sign"], one["contributions"]) for one in areas][:3] == [("1", 2), ("2", 6), ("3", 0)]
    assert get(client, f"{ROUND}/documents")[0]["title"] == {"en": "Elements Paper"}
    assert [one["number"] for one in get(client, f"{ROUND}/proposals?paragraph=60")["items"]] == [60]
    assert get(client, f"{ROUND}/proposals?paragraph=61")["items"] == []
    get(client, f"{API}/none", 404)


def test_what_is_held_back_is_gone(client, published):
    row = PublishedText.objects.get(name="Atoll Union", theme_number=1)
    redact(row.reference, theme(published, 1), "Li Wei", reason="A private person", by=people()[0])
    get(client, f"{ROUND}/contributions/{row.public_id}", 404)
    assert get(client, f"{ROUND}/contributions")["total"] == 7
    sweep.keep_up()
    answer = get(client, f"{ROUND}/contributions/{row.public_id}")
    assert "Li Wei" not in json.dumps(answer)
    assert (BAR in answer["text"], answer["words"]) == (True, None)


def test_any_page_may_read_it_and_nobody_asks_twice(client, published, monkeypatch):
    monkeypatch.setattr(shared_pages, "SECONDS", 60)
    first = client.get(f"{ROUND}/contributions")
    assert first["Access-Control-Allow-Origin"] == "*"
    again = client.get(f"{ROUND}/contributions", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(f"{ROUND}/contributions").status_code == 405


def test_it_keeps_what_its_openapi_says(live_server, published):
    """Whatever schemathesis makes of the description: no error of the server's, and no answer that is not described."""
    tool = str(Path(sys.executable).with_name("schemathesis"))
    command = [tool, "run", f"{live_server.url}/api/v1/openapi.json", "--checks", "all", "--max-examples", "10"]
    left_out = ["--phases", "coverage,fuzzing", "--exclude-checks", "unsupported_method", "--seed", "1", "--no-color"]
    done = subprocess.run([*command, *left_out], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
