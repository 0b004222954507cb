"""Pages that are the same for everyone: kept for a second, told to proxies, and never those of somebody."""

import gzip
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.visitor import HOME, write
from themes.models import Consultation
from wsis import shared_pages

pytestmark = pytest.mark.django_db

SHARED = ["/", HOME, "/help/", "/privacy/", "/how-the-deadline-works/"]
PUBLIC = "public, max-age=1, must-revalidate"


@pytest.fixture(autouse=True)
def _slow_second(monkeypatch):
    """A busy machine draws two pages in more than a second."""
    monkeypatch.setattr(shared_pages, "_pages", {})


@pytest.mark.parametrize("path", SHARED)
def test_two_strangers_get_one_page(client, seeded, path, django_assert_max_num_queries):
    first = client.get(path)
    with django_assert_max_num_queries(1):  # whether anything has changed
        second = Client().get(path)
    assert (first.content, first["ETag"]) == (second.content, second["ETag"])
    assert first["Cache-Control"] == PUBLIC
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(first["Vary"].replace(" ", "").split(","))
    assert "Set-Cookie" not in first
    assert "csrfmiddlewaretoken" not in first.content.decode()


@pytest.mark.parametrize("path", SHARED)
def test_whoever_has_one_is_told_that_it_is_still_that(client, seeded, path):
    etag = client.get(path)["ETag"]
    again = client.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", SHARED)
def test_each_language_and_each_way_of_packing_has_its_own(client, seeded, path):
    english = client.get(path)
    french = client.get(path, headers={"accept-language": "fr"})
    assert '<html lang="fr"' in french.content.decode()
    assert english["ETag"] != french["ETag"]
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == english.content


def test_what_somebody_wrote_is_on_their_page_and_on_no_other(client, seeded):
    writer = Client()
    client.get(HOME)
    write(writer, 1, "Mine.")
    theirs = writer.get(HOME)
    assert theirs["Cache-Control"] == "private, no-cache"
    assert "You have written on 1 area" in theirs.content.decode()
    assert "You have written" not in client.get(HOME).content.decode()


def test_a_change_is_on_the_next_page(client, seeded):
    client.get(HOME)
    Consultation.objects.update(headline_en="Said otherwise")
    assert "Said otherwise" in client.get(HOME).content.decode()


@pytest.mark.parametrize(("left", "is_kept"), [(timedelta(milliseconds=900), False), (timedelta(seconds=30), True)])
@pytest.mark.parametrize("field", ["opens_at", "closes_at"])
def test_nothing_is_kept_across_an_opening_or_a_deadline(client, seeded, left, is_kept, field):
    now = timezone.now()
    moments = {"opens_at": now - timedelta(days=9), "closes_at": now + timedelta(days=9), field: now + left}
    Consultation.objects.update(**moments)
    page = client.get(HOME)
    assert (page["Cache-Control"] == PUBLIC) is is_kept
    assert ("public" in page["Cache-Control"]) is is_kept


def test_what_is_kept_has_a_bound(client, seeded, monkeypatch):
    monkeypatch.setattr(shared_pages, "MAX_PAGES", 5)
    for number in range(20):
        client.get(f"/help/?n={number}")
    assert len(shared_pages._pages) <= 5


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_changes_nobodys_language(client, site):
    """The form of the language carries no token, so that its page is everybody's."""
    strict = Client(enforce_csrf_checks=True)
    form = {"language": "fr", "next": "/help/"}
    answer = strict.post("/language/", form, headers={"sec-fetch-site": site})
    assert (answer.status_code, answer["Location"], [*answer.cookies]) == (302, "/", [])
    answer = strict.post("/language/", form, headers={"sec-fetch-site": "same-origin"})
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    assert answer.cookies["language"].value == "fr"
