"""What a draft keeps has a bound, on each theme and in all, and reading a page of it counts nothing anew."""

import pytest

from submissions.drafts import saving
from submissions.models import Draft, DraftContribution
from submissions.text.content import MAX_DRAFT_CHARACTERS, MAX_DRAFT_THEME_CHARACTERS, Content, ProposedWording
from tests.factories import ENGLISH, theme
from tests.visitor import HOME, proposal_rows, ready_to_send, write
from themes.intake import database_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(consultation) -> Draft:
    return saving.start_draft(consultation, at=database_now())


def save(draft: Draft, number: int, content: Content) -> None:
    saving.save_content(draft, theme(draft.consultation, number), content, at=database_now())


def test_on_a_theme_to_the_character(draft):
    """Text and rows together, everything in them."""
    rows = (ProposedWording("1", "w" * 30_000, "r" * 20_000), ProposedWording("22", "w" * 9_997, ""))
    room = MAX_DRAFT_THEME_CHARACTERS - 60_000
    save(draft, 1, Content("x" * room, rows))
    with pytest.raises(saving.DraftFullError) as full:
        save(draft, 1, Content("x" * (room + 1), rows))
    assert (full.value.is_theme, full.value.characters, full.value.limit) == (True, 100_001, 100_000)
    assert len(DraftContribution.objects.get().text) == room


def test_in_all_to_the_character(draft):
    for number in range(1, 10):
        save(draft, number, Content("x" * 99_990, (ProposedWording("1", "w" * 9, ""),)))
    save(draft, 10, Content("x" * 100_000))
    assert MAX_DRAFT_CHARACTERS == 1_000_000
    with pytest.raises(saving.DraftFullError) as full:
        save(draft, 11, Content("y"))
    assert (full.value.is_theme, full.value.characters) == (False, 1_000_001)
    # What stands is saved again, shortened and taken back as before.
    save(draft, 10, Content("x" * 100_000))
    save(draft, 10, Content("x" * 99_999))
    save(draft, 11, Content("y"))


def test_the_page_says_so_and_gives_every_word_back(client, consultation):
    rows = proposal_rows(*((str(n), "w" * 30_000, "") for n in range(4)))
    page = write(client, 1, "The text.", **rows).content.decode()
    assert "The text." in page
    assert "w" * 30_000 in page
    assert "characters, and 100000 are the most. Nothing was cut." in page
    assert not DraftContribution.objects.exists()


def test_more_than_a_draft_keeps_never_gets_in(client, consultation):
    """The probe: 21 MB on one draft made its pages take a minute."""
    for number in range(1, 16):
        write(client, number, f"{number} " + "x" * 99_000)
    kept = list(DraftContribution.objects.values_list("text", flat=True))
    assert len(kept) == 10
    assert sum(map(len, kept)) <= MAX_DRAFT_CHARACTERS


def test_no_page_counts_words_that_were_counted(client, consultation, monkeypatch):
    ready_to_send(client)
    write(client, 3, "word " * 1500)

    def count(text: str) -> int:
        raise AssertionError(f"counted anew: {text[:20]}")

    monkeypatch.setattr("submissions.text.content.count_words", count)
    for path in (
        "",
        "themes/1/",
        "themes/3/",
        "send/",
        "draft/",
        "about-you/",
        "publication/",
        "offline/",
        "come-back/",
    ):
        page = client.get(HOME + path)
        assert page.status_code == 200, path
    assert "1500 words" in client.get(f"{HOME}send/").content.decode()
    assert ENGLISH.splitlines()[0] in client.get(f"{HOME}themes/1/").content.decode()
