"""The filters above the lists: what can be chosen, what is in force, and how each is taken away."""

import re

import pytest
from lxml import html

from submissions.models import Flag, Review, Submission, Tag
from tests.factories import send
from tests.pages import squeezed

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = ["/admin/submissions/submission/", "/admin/submissions/contribution/"]


@pytest.fixture
def three(consultation):
    send(consultation, {1: "One."}, country="KE", organisation="A")
    send(consultation, {1: "Two.", 2: "Three."}, country="FR", organisation="B")
    return consultation


def bar(client, address: str):
    page = client.get(address)
    assert page.status_code == 200
    return html.fromstring(page.content.decode())


def chips(page) -> list[tuple[str, str]]:
    return [(one.text_content().strip(), one.get("href")) for one in page.xpath("//ul[@class='chips']//a")]


def choices(page, name: str) -> list[tuple[str, str, bool]]:
    return [
        (one.get("value"), one.text_content(), one.get("selected") is not None)
        for one in page.xpath(f"//select[@name='{name}']/option")
    ]


@pytest.mark.parametrize("address", LISTS)
def test_every_filter_can_be_chosen_and_taken_away(admin_client, three, address):
    """A walk over all values of all filters: each shows its chip, and the chip leads back to all of them."""
    page = bar(admin_client, address)
    every = page.xpath("//form[@data-filter-bar]//select/@name")
    assert len(every) > 10
    assert chips(page) == []
    walked = 0
    for name in every:
        first, *others = choices(page, name)
        assert first[0] == ""
        assert first[2]
        for value, words, is_chosen in others:
            assert not is_chosen
            shown = bar(admin_client, f"{address}?{name}={value}")
            assert [chosen for chosen in choices(shown, name) if chosen[2]] == [(value, words, True)]
            (chip,) = chips(shown)
            assert re.fullmatch(rf"[^:]+: {re.escape(words)} ×", chip[0])
            assert chip[1] in {"?", ""}
            walked += 1
    assert walked > 60


def test_without_script_the_whole_form_is_sent_and_the_empty_ones_mean_nothing(admin_client, three):
    page = bar(admin_client, LISTS[0] + "?q=one&country=KE")
    names = page.xpath("//form[@data-filter-bar]//select/@name")
    given = dict.fromkeys(names, "") | {"country": "FR", "q": ""}
    answer = admin_client.get(LISTS[0], given)
    assert answer["Location"] == f"{LISTS[0]}?country=FR"
    assert admin_client.get(LISTS[0], dict.fromkeys(names, ""))["Location"] == LISTS[0]
    kept = page.xpath("//form[@data-filter-bar]//input[@type='hidden']")
    assert [(one.get("name"), one.get("value")) for one in kept] == [("q", "one")]


def test_what_the_bar_does_not_offer_can_be_taken_away_too(admin_client, three):
    page = bar(admin_client, LISTS[0] + "?campaign=12345&organisation__icontains=a&country=KE")
    found = chips(page)
    assert [words for words, _href in found] == [
        "Country or territory: Kenya ×",
        "Near-identical texts: 12345 ×",
        "Organisation__icontains: a ×",
        "Clear all filters",
    ]
    assert found[-2][1] == "?campaign=12345&country=KE"
    assert found[1][1] == "?country=KE&organisation__icontains=a"
    assert found[-1][1] == "?"


@pytest.mark.parametrize("address", LISTS)
def test_every_column_sorts_but_the_folded_one(admin_client, three, address):
    page = bar(admin_client, address)
    heads = page.xpath("//table[@id='result_list']//th[@scope='col']")
    plain = [head.text_content().strip().lower() for head in heads if "sortable" not in head.get("class")]
    assert [one for one in plain if one] in (["tags and flags"], ["text", "tags and flags"])
    for number in range(1, len(heads)):
        assert admin_client.get(f"{address}?o={number}.-{number}").status_code == 200


def test_tags_and_flags_are_counted_and_named(admin_client, three):
    sent = Submission.objects.get(organisation="A")
    review = Review.objects.create(consultation=three, reference=sent.reference)
    review.tags.add(*(Tag.objects.create(consultation=three, name=name) for name in ("Access", "Finance")))
    Flag.objects.create(consultation=three, reference=sent.reference, kind="short")
    for address in LISTS:
        page = squeezed(admin_client.get(f"{address}?country=KE"))
        assert '<span class="fold" tabindex="0">2 tags · 1 flag<span class="fold-text">' in page
        assert "Access" in page
        assert "Very short" in page
