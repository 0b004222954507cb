"""An attack on anonymity: with all that is public, and knowing all but who wrote it, somebody looks for texts of one
person among those without a name, and for their authors.

What it tries: every field of every page, file and answer; orders and neighbours; ids against the order of arrival;
what shows when something is taken off; what is shown of those who also wrote by name; sizes, times and names in files.
"""

import io
import itertools
import json
import random
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from publication import sweep
from publication.models import PublishedText
from publication.register.log import append_and_sign
from submissions.models import Consent
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content
from tests.factories import send
from tests.publication.publishing import publish
from tests.visitor import HOME

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = f"{HOME}contributions/"
PEOPLE, AREAS = 30, 4
# What would be anybody's mark if it stood beside a text.
MARKS = ("Secret-", "secret-", "anon-")


@pytest.fixture(autouse=True)
def key(settings):
    settings.REGISTER_KEY = "a secret of the register, for tests"


@pytest.fixture
def authors(consultation) -> dict[str, str]:
    """Of each text without a name who wrote it, by their reference. Each wrote on four areas; every third also by name,
    every fifth in a language that nobody else writes in, some late or for no more than the secretariat."""
    found = {}
    for n in range(PEOPLE):
        texts: dict[int, str | Content] = {}
        for area in range(1, AREAS + 1):
            texts[area] = Content(f"Opinion {n} on {area}.", (), "anonymous")
        if n % 3 == 0:
            texts[5] = Content(f"By name {n}.", (), "named")
        if n % 4 == 0:
            texts[6] = Content(f"Private {n}.", (), "none")
        answers: dict[str, Any] = {
            "organisation": f"Secret-{n}",
            "email": f"anon-{n}@example.org",
            "contact_name": f"secret-{n}",
        }
        language = ("sw", "el", "he", "hi", "th", "tr")[n // 5] if n % 5 == 0 else "fr"
        sent = send(consultation, texts, consent="none", language=language, **answers).submission
        for area in range(1, AREAS + 1):
            found[f"Opinion {n} on {area}."] = sent.reference
    append_and_sign()
    publish(consultation)
    return found


def items() -> list[dict[str, Any]]:
    """All that the interface for programs gives out."""
    answer = Client().get("/api/v1/rounds/elements-paper/contributions?limit=200").json()
    assert answer["next"] is None
    found: list[dict[str, Any]] = answer["items"]
    return found


def archive() -> zipfile.ZipFile:
    answer = Client().get(f"{LIST}archive.zip")
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def is_linked(groups: Mapping[Any, list[str]], authors: dict[str, str]) -> list[Any]:
    """The values of a field that hold two texts of one person and none of another's: they tie these together."""
    return [value for value, texts in groups.items() if len(texts) > 1 and len({authors[text] for text in texts}) == 1]


def test_no_field_ties_two_texts_together_or_names_their_author(authors):
    unnamed = [one for one in items() if not one["is_named"]]
    assert sorted(one["text"] for one in unnamed) == sorted(authors)
    names = [name for name in unnamed[0] if name not in {"text", "proposals"}]
    # Each field, and each two of them together.
    for fields in itertools.chain(itertools.combinations(names, 1), itertools.combinations(names, 2)):
        groups = defaultdict(list)
        for one in unnamed:
            groups[tuple(json.dumps(one[name]) for name in fields)].append(one["text"])
        assert is_linked(groups, authors) == [], fields
    for one in unnamed:
        assert not any(mark in json.dumps(one) for mark in MARKS)
        assert (one["language"] in {"fr", "und"}, one["is_late"], one["sender"]) == (True, False, None)


def test_no_order_tells_who_came_first_or_beside_whom(authors):
    """In each order that is public, neighbours are of one person as often as chance has it; and no order is that of
    arrival."""
    orders = {
        "interface": [one["text"] for one in items() if one["text"] in authors],
        "list": texts_of_pages(LIST, authors),
        "feed": texts_in(Client().get(f"{LIST}feed.atom").content.decode(), authors),
        "search": texts_of_pages(f"{LIST}?q=opinion", authors),
        "archive": texts_in(archive().read("contributions.csv").decode(), authors),
        "sitemap": texts_by_address(Client().get("/sitemap-texts.xml").content.decode()),
    }
    for name, texts in orders.items():
        assert len(texts) >= 40, name
        neighbours = sum(authors[a] == authors[b] for a, b in itertools.pairwise(texts))
        # Of n texts in a random order two neighbours are of one person in (areas - 1) of (n - 1) cases. Six standard
        # deviations above that would be a finding, and is no chance; an order by person gives ninety.
        expected = (AREAS - 1) / (PEOPLE * AREAS - 1) * (len(texts) - 1)
        assert neighbours <= expected + 6 * expected**0.5 + 1, name
        arrival = [int(text.split()[1]) for text in texts]
        rising = sum(a < b for a, b in itertools.pairwise(arrival)) / (len(arrival) - 1)
        assert 0.3 < rising < 0.7, (name, rising)


def texts_in(page: str, authors: dict[str, str]) -> list[str]:
    words = re.sub(r"</?mark>", "", page)
    return [text for text in re.findall(r"Opinion \d+ on \d\.", words) if text in authors]


def texts_of_pages(address: str, authors: dict[str, str]) -> list[str]:
    found: list[str] = []
    page = 1
    while True:
        answer = Client().get(f"{address}{'&' if '?' in address else '?'}page={page}")
        if answer.status_code != 200:
            return found
        found += texts_in(answer.content.decode(), authors)
        page += 1


def texts_by_address(sitemap: str) -> list[str]:
    rows = dict(PublishedText.objects.values_list("public_id", "text"))
    texts = [rows[one] for one in re.findall(r"contributions/([0-9a-z]{12})/", sitemap)]
    return [text for text in texts if text.startswith("Opinion")]


def test_an_id_is_not_made_of_what_its_text_is(authors):
    """Neither of when it came nor of whose it is: the ids' own order says nothing of the order of arrival."""
    rows = list(
        PublishedText.objects.order_by("contribution__submission__received_at").values_list("public_id", "reference")
    )
    ids = [public_id for public_id, _reference in rows]
    rising = sum(a < b for a, b in itertools.pairwise(ids)) / (len(ids) - 1)
    assert 0.35 < rising < 0.65
    shared = [len({one[:2] for one in ids_of}) for ids_of in by_reference(rows).values()]
    assert sum(shared) / sum(map(len, by_reference(rows).values())) > 0.95


def by_reference(rows) -> dict[str, list[str]]:
    found = defaultdict(list)
    for public_id, reference in rows:
        found[reference].append(public_id)
    return found


def test_those_who_also_wrote_by_name_are_tied_to_nothing_else(authors):
    """Their own page, the feed of their area, and the archive's proofs, which would tell how much else they wrote."""
    named = PublishedText.objects.filter(is_named=True)
    assert named.count() == PEOPLE // 3
    for row in named:
        for address in (f"{LIST}{row.sender_id}/", f"{LIST}{row.public_id}/"):
            assert "Opinion" not in Client().get(address).content.decode()
    assert archive().read("proofs.jsonl") == b""


def test_a_page_of_one_says_nothing_but_its_words(authors):
    """Two pages of one person differ in as much as two of different people: in the text, the area and the address."""
    rows = list(PublishedText.objects.filter(is_named=False))
    random.Random(1).shuffle(rows)
    shapes = set()
    for row in rows[:12]:
        page = Client().get(f"{LIST}{row.public_id}/").content.decode()
        assert not any(mark in page for mark in MARKS)
        page = re.sub(r"From publication 1|<a rel=\"license\".*?</a>", "", page)
        for words in (row.public_id, row.text, row.theme.title, f"area={row.theme_number}", f"{row.theme.sign}."):
            page = page.replace(words, "")
        shapes.add(re.sub(r'data-now="\d+"|Another language|Français|lang="(und|fr)"', "", page))
    assert len(shapes) == 1


def test_what_goes_together_is_not_dated_together(authors, consultation):
    """A withdrawal takes all texts of one person off at once. Their addresses say the same as any other that is gone,
    and no date."""
    from datetime import timedelta

    from submissions.models import Submission
    from tests.factories import reopen
    from themes.intake import database_now

    reopen(consultation, database_now() + timedelta(days=1))
    sent = Submission.objects.filter(contributions__own_consent=Consent.ANONYMOUS).distinct().order_by("pk")
    rows = PublishedText.objects.filter(is_named=False)
    for one in sent[1:3]:
        withdraw(one)
    sweep.keep_up()
    gone = list(rows.filter(is_shown=False))
    assert len(gone) == 2 * AREAS
    pages = {
        re.sub(r'data-now="\d+"', "", Client().get(f"{LIST}{row.public_id}/").content.decode()).replace(
            row.public_id, ""
        )
        for row in gone
    }
    assert len(pages) == 1
    assert "Since" not in pages.pop()


def test_files_say_nothing_beside_their_words(authors):
    """No time but that of the publication, no name of a machine or a person, no comment, the same for every member."""
    with archive() as found:
        assert {member.date_time for member in found.infolist()} == {found.infolist()[0].date_time}
        # The extra fields that would hold times or owners of files: "UT", "ux", NTFS.
        for member in found.infolist():
            assert not any(mark in member.extra for mark in (b"UT", b"ux", b"\x0a\x00"))
        assert (found.comment, {member.comment for member in found.infolist()}) == (b"", {b""})
        everything = b"".join(found.read(member) for member in found.infolist()).decode()
    references = set(authors.values())
    assert not any(reference in everything for reference in references)
    assert "anon-" not in everything
    assert "secret-" not in everything


def test_every_page_and_file_hides_who_wrote_without_a_name(authors):
    """Whatever is looked for that only its author's own page holds."""
    unnamed = {f"Secret-{n}" for n in range(PEOPLE) if n % 3}
    addresses = [LIST, f"{LIST}who-was-heard/", f"{LIST}paragraphs/", f"{LIST}feed.atom", f"{LIST}dataset.jsonld"]
    addresses += [f"{LIST}?page={n}" for n in range(1, 7)] + ["/sitemap-texts.xml", "/api/v1/rounds/elements-paper"]
    for address in addresses:
        page = Client().get(address).content.decode()
        assert not any(f"{name}<" in page or f'{name}"' in page for name in unnamed), address
        assert "anon-" not in page
    for name in sorted(unnamed)[:5]:
        assert "Opinion" not in Client().get(f"{LIST}?q={name}").content.decode()
