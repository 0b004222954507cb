"""What is drawn once and kept is what would be drawn anew: for every page, language, state and visitor."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.safestring import SafeString

from submissions.models import Submission
from tests.visitor import ANSWERS, HOME, proposal_rows, write
from themes import fragments
from themes.fragments import MAX_FRAGMENTS, fragment
from themes.models import Consultation, Milestone
from themes.templatetags import deadline, texts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PAGES = ["", "themes/1/", "themes/15/", "about-you/", "send/", "receipt/", "come-back/", "draft/", "offline/"]
LANGUAGES = ["en", "fr", "ar", "zh-hans"]
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|data-now="[^"]+"|datetime="[^"]+">\d\d:\d\d')


def pages_of(clients: list[Client]) -> list[str]:
    return [
        TOKENS.sub("", client.get(HOME + page, headers={"accept-language": language}).content.decode())
        for page in PAGES
        for language in LANGUAGES
        for client in clients
    ]


@pytest.fixture
def visitors(client, seeded):
    """A stranger, one who has written on two areas, and one who has sent and gone on writing."""
    writer, sender = Client(), Client()
    for one in (writer, sender):
        write(one, 1, "Some text.", **proposal_rows(("12", "Shall.", "")))
        write(one, 15, "More.")
        one.post(f"{HOME}about-you/", ANSWERS)
    sender.post(f"{HOME}send/")
    write(sender, 1, "Another text.", version="1")
    assert Submission.objects.count() == 1
    return [client, writer, sender]


@pytest.mark.parametrize("days", [-400, 0, 400])
def test_pages_with_and_without_what_was_kept(visitors, monkeypatch, days):
    """Before the opening, while it is open, after the deadline; another visitor has drawn everything before."""
    consultation = Consultation.objects.get()
    now = timezone.now()
    if days:
        Consultation.objects.update(opens_at=now - timedelta(days=days + 30), closes_at=now - timedelta(days=days - 30))
    pages_of(visitors[::-1])
    kept = pages_of(visitors)
    for module in (deadline, texts):
        monkeypatch.setattr(module, "fragment", lambda _row, _key, draw: draw())
    assert kept == pages_of(visitors)
    assert consultation.slug in kept[0]


def test_a_row_keeps_so_many_and_no_more():
    row = Milestone()
    for number in range(3 * MAX_FRAGMENTS):
        fragment(row, ("minutes", number), lambda: SafeString("drawn"))
    assert 0 < len(row.__dict__["_fragments"]) <= fragments.MAX_FRAGMENTS
