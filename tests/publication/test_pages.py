"""What the public reads: lists, texts, who was heard, paragraphs, feeds; the same for everybody, and soon gone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publication import acts, gate, sweep
from publication.models import Publication, PublishedText
from submissions.review.flags.sweep import raise_flags
from submissions.review.redaction import BAR, decide_publication, redact
from submissions.text.content import Content, ProposedWording
from tests.factories import ARABIC, CHINESE, FIRST, reopen, send, theme
from tests.publication.publishing import people, publish
from tests.visitor import HOME
from themes.intake import database_now
from themes.models import Theme
from wsis import shared_pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = f"{HOME}contributions/"


@pytest.fixture
def published(consultation):
    """Named ones of three kinds, and five without a name."""
    send(consultation, {1: FIRST, 2: "Libraries open doors."}, organisation="Atoll Union", country="TV")
    send(consultation, {1: CHINESE}, organisation="Zhu", language="zh", stakeholder_group="academia", country="CN")
    send(consultation, {3: ARABIC}, organisation="Nour", language="ar", country="EG")
    for n in range(gate.MIN_ANONYMOUS_SENDERS):
        send(consultation, {2: f"Unsigned {n}."}, consent="anonymous", organisation=f"Secret {n}", country="CH")
    publish(consultation)
    return consultation


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def names(html: str) -> list[str]:
    return re.findall(r"<h2>\s*<a [^>]*><bdi>(.*?)</bdi>", html)


def test_nothing_is_there_before_something_is_published(client, consultation):
    send(consultation)
    for address in (LIST, f"{LIST}who-was-heard/", f"{LIST}paragraphs/", f"{LIST}feed.atom", f"{LIST}area-1.atom"):
        page(client, address, 404)


FILTERS = {
    "": ["Atoll Union", "Zhu", "Atoll Union", *["Published without a name"] * 5, "Nour"],
    "?area=1": ["Atoll Union", "Zhu"],
    "?group=academia": ["Zhu"],
    "?region=SIDS": ["Atoll Union", "Atoll Union"],
    "?region=Africa": ["Nour"],
    "?language=zh": ["Zhu"],
    "?paragraph=60": ["Atoll Union"],
    "?q=library": ["Atoll Union"],
    "?q=人工智能": ["Zhu"],
    "?q=المؤشرات": ["Nour"],
    "?q=unsigned": ["Published without a name"] * 5,
    "?q=unsigned+-3": ["Published without a name"] * 4,
    "?q=Secret": [],
    "?q=zhu&area=1": ["Zhu"],
    "?q=zyzzyva": [],
}


def test_each_filter_finds_what_it_says(client, published):
    assert {address: names(page(client, LIST + address)) for address in FILTERS} == FILTERS


UNKNOWN = (
    "?area=77",
    "?area=x",
    "?group=aliens",
    "?region=Mars",
    "?language=tlh",
    "?paragraph=x",
    "?page=0",
    "?page=9",
)


@pytest.mark.parametrize("address", UNKNOWN)
def test_what_there_is_not_is_not_found(client, published, address):
    page(client, LIST + address, 404)


def test_a_text_has_a_page_that_says_whose_it_is_and_how_to_cite_it(client, settings, published):
    row = PublishedText.objects.get(name="Atoll Union", theme_number=1)
    html = page(client, f"{LIST}{row.public_id}/")
    for words in ("Atoll Union", "Tuvalu", "A link for each village", "Li Wei says so", "Creative Commons", "To cite"):
        assert words in html
    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}{LIST}{row.public_id}/">' in html
    assert '<meta property="og:title" content="Atoll Union · 1. Theme 1">' in html
    both = page(client, f"{LIST}{row.sender_id}/")
    assert "Libraries open doors." in both
    assert "Li Wei" in both
    page(client, f"{LIST}{'0' * 12}/", 404)


def test_text_keeps_its_language_and_direction(client, published):
    row = PublishedText.objects.get(name="Nour")
    html = page(client, f"{LIST}{row.public_id}/")
    assert 'class="said" lang="ar" dir="auto"' in html


def test_what_is_held_back_is_gone_everywhere_at_once(client, published):
    row = PublishedText.objects.get(name="Atoll Union", theme_number=1)
    addresses = {
        "text": f"{LIST}{row.public_id}/",
        "sender": f"{LIST}{row.sender_id}/",
        "list": LIST,
        "search": f"{LIST}?q=village",
        "feed": f"{LIST}feed.atom",
        "area": f"{LIST}area-1.atom",
        "paragraph": f"{LIST}paragraphs/60/",
    }
    assert all("Li Wei" in page(client, address) or name == "search" for name, address in addresses.items())
    redact(row.reference, theme(published, 1), "Li Wei", reason="A private person", by=people()[0])
    for name, address in addresses.items():
        assert "Li Wei" not in client.get(address).content.decode(), name
    answer = client.get(addresses["text"])
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    sweep.keep_up()
    for name, address in addresses.items():
        html = page(client, address)
        assert "Li Wei" not in html, name
        assert BAR in html, name
    assert names(page(client, f"{LIST}?q=wei")) == []


def test_a_tombstone_says_since_when_of_what_has_a_name_alone(client, published):
    named = PublishedText.objects.get(name="Zhu")
    unnamed = PublishedText.objects.filter(is_named=False).first()
    for row in (named, unnamed):
        sent = row.contribution.submission
        decide_publication(sent, row.theme, "withheld", reason="The reason", by=people()[0])
    sweep.keep_up()
    assert "Since " in page(client, f"{LIST}{named.public_id}/", 410)
    html = page(client, f"{LIST}{unnamed.public_id}/", 410)
    assert "Since " not in html
    assert "The reason" not in html


def test_a_publication_that_is_withdrawn_leaves_its_date_and_the_reason(client, published):
    row = PublishedText.objects.get(name="Zhu")
    acts.withdraw(Publication.objects.get().pk, by=people()[0], reason="Published too early")
    sweep.keep_up()
    for address, status in ((LIST, 200), (f"{LIST}{row.public_id}/", 410), (f"{LIST}who-was-heard/", 200)):
        html = page(client, address, status)
        assert "Published too early" in html
        assert "人工智能" not in html
    page(client, f"{LIST}feed.atom", 404)


def test_who_was_heard_leaves_small_cells_out_and_adds_up(client, published):
    html = page(client, f"{LIST}who-was-heard/")
    assert "About 10 submissions count" in html
    assert "stands for fewer than 5" in html
    cells = [cell.split("</td>")[0] for cell in html.split("<td>")[1:]]
    assert cells[:8] == ["4", "5", "0", "0", "0", "0", "0", "9"]
    assert not {"1", "2", "3"} & set(cells)


def test_paragraphs_in_the_documents_order(client, consultation):
    rows = tuple(ProposedWording(paragraph, "New", "Why") for paragraph in ("para 59", "9", "Title"))
    send(consultation, {1: Content("", rows)}, organisation="A")
    publish(consultation)
    html = page(client, f"{LIST}paragraphs/")
    places = [html.index(words) for words in ("/paragraphs/9/", "/paragraphs/59/", "/paragraphs/none/")]
    assert places == sorted(places)
    assert "para 59" in page(client, f"{LIST}paragraphs/59/")
    assert "Title" in page(client, f"{LIST}paragraphs/none/")
    page(client, f"{LIST}paragraphs/60/", 404)


def test_the_feed_is_atom_and_its_entries_lead_to_the_texts(client, published):
    answer = client.get(f"{LIST}feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert answer.content.count(b"<entry>") == 9
    assert client.get(f"{LIST}area-2.atom").content.count(b"<entry>") == 6


def test_pages_are_the_same_for_everybody_and_may_be_kept_by_a_proxy(client, published, monkeypatch):
    monkeypatch.setattr(shared_pages, "SECONDS", 60)
    row = PublishedText.objects.get(name="Zhu")
    for address in (
        LIST,
        f"{LIST}?q=library",
        f"{LIST}{row.public_id}/",
        f"{LIST}who-was-heard/",
        f"{LIST}paragraphs/",
    ):
        first = client.get(address)
        assert first["Cache-Control"].startswith("public, max-age=")
        assert {"Cookie", "Accept-Language"} <= {name.strip() for name in first["Vary"].split(",")}, first["Vary"]
        with CaptureQueriesContext(connection) as captured:
            again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        # No more than the look whether something has changed, once a second.
        assert len(captured) <= 1


@pytest.mark.parametrize("address", ["", "?q=text", "?area=2", "who-was-heard/", "paragraphs/"])
def test_a_page_costs_the_same_with_few_texts_and_many(client, consultation, address):
    counts = []
    for n in (3, 40):
        for k in range(n):
            row = ProposedWording(str(k), "New", "Why")
            send(consultation, {2: Content(f"A text {n} {k}.", (row,))}, organisation=f"Sender {n} {k}")
        publish(consultation)
        client.get(LIST + address)
        shared_pages._pages.clear()
        with CaptureQueriesContext(connection) as captured:
            page(client, LIST + address)
        counts.append(len(captured))
        reopen(consultation, database_now() + timedelta(days=3))
        consultation.refresh_from_db()
    assert counts[0] == counts[1]


CAMPAIGN = (
    "We call for affordable access in every village and on every island, for schools and clinics first, with funds that"
    " reach those who have been left out for twenty years, and with figures each year that show whether they did."
)


def test_a_campaign_is_one_text_with_its_senders_and_what_differs_is_found(client, consultation):
    """Thousands of the same letter, some with a sentence of their own."""
    for n in range(4):
        send(consultation, {1: CAMPAIGN}, organisation=f"Branch {n}")
    send(consultation, {1: f"{CAMPAIGN} Remember the lighthouse."}, organisation="Coast")
    send(consultation, {1: CAMPAIGN.replace("twenty", "thirty")}, organisation="Hills")
    send(consultation, {1: "Something else altogether, about standards and who sets them."}, organisation="Lab")
    raise_flags()
    publish(consultation)
    page = client.get(f"{HOME}contributions/").content.decode()
    assert page.count("<blockquote") == 2
    assert "the same words from 4 senders" in page
    assert "nearly the same from 2 others" in page
    assert "2 contributions" in page
    assert client.get(f"{HOME}contributions/feed.atom").content.decode().count("<entry>") == 2
    lead = PublishedText.objects.get(name="Branch 0")
    text = client.get(f"{HOME}contributions/{lead.public_id}/").content.decode()
    assert "The same words came from 3 other senders" in " ".join(text.split())
    assert "Nearly the same words came from 2 other senders" in " ".join(text.split())
    coast, hills = (PublishedText.objects.get(name=name).public_id for name in ("Coast", "Hills"))
    assert coast in text
    assert hills in text
    # A search, a group or a language looks at each that differs.
    found = client.get(f"{HOME}contributions/?q=lighthouse").content.decode()
    assert found.count("<blockquote") == 1
    assert "Coast" in found
    assert client.get(f"{HOME}contributions/?q=village").content.decode().count("<blockquote") == 3
    assert client.get(f"{HOME}contributions/?group=civil-society").content.decode().count("<blockquote") == 7


def test_what_stands_behind_a_bar_makes_no_campaign(client, consultation):
    for n in range(3):
        send(consultation, {1: f"{CAMPAIGN} Ask Li Wei."}, organisation=f"Branch {n}")
    raise_flags()
    publish(consultation)
    reference = PublishedText.objects.get(name="Branch 1").reference
    redact(reference, theme(consultation, 1), "Li Wei", reason="x", by=people()[0])
    sweep.keep_up()
    rows = PublishedText.objects.order_by("name").values_list("name", "campaign_senders", "is_campaign_lead")
    assert list(rows) == [("Branch 0", 2, True), ("Branch 1", 1, True), ("Branch 2", 2, False)]


def test_what_is_kept_of_a_list_changes_with_its_texts(client, consultation):
    """At once: nothing waits until something that was drawn before is out of date."""
    send(consultation, {1: "Li Wei wrote this.", 2: "And that."}, organisation="Atoll Union")
    publish(consultation)

    def listed() -> str:
        return client.get(f"{HOME}contributions/").content.decode()

    assert "Li Wei" in listed()
    with CaptureQueriesContext(connection) as again:
        listed()
    assert [one["sql"] for one in again if "publication_publishedproposal" in one["sql"]] == []
    row = PublishedText.objects.get(theme_number=1)
    redact(row.reference, theme(consultation, 1), "Li Wei", reason="x", by=people()[0])
    assert "Li Wei" not in listed()
    sweep.keep_up()
    assert "Li Wei" not in listed()
    assert BAR in listed()
    Theme.objects.filter(number=1).update(title_en="Another heading")
    assert "Another heading" in listed()
    french = Client(headers={"accept-language": "fr"}).get(f"{HOME}contributions/").content.decode()
    assert "contributions publiées" in french.lower()
    assert "1 word" not in french


def test_a_feed_says_when_a_named_text_was_changed(client, consultation):
    send(consultation, {1: "Li Wei wrote this."}, organisation="Atoll Union")
    for n in range(gate.MIN_ANONYMOUS_SENDERS):
        send(consultation, {1: f"Li Wei wrote {n}."}, consent="anonymous")
    publish(consultation)
    before = set(re.findall("<updated>(.*?)</updated>", client.get(f"{HOME}contributions/feed.atom").content.decode()))
    assert len(before) == 1
    for row in PublishedText.objects.all():
        redact(row.reference, row.theme, "Li Wei", reason="x", by=people()[0])
    sweep.keep_up()
    after = re.findall("<updated>(.*?)</updated>", client.get(f"{HOME}contributions/feed.atom").content.decode())
    # The feed's own, and that of the one with a name; those without keep theirs.
    assert len([moment for moment in after if moment not in before]) == 2
