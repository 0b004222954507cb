"""Reading and coding in the browser: the list on a laptop's screen, its filters, and a submission coded by keys alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import found_by_axe, open_first, sign_in
from tests.browser.visitor import Visitor
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

LONG_FRAME = """
from submissions.models import Review, Submission, Tag
from themes.models import Consultation
consultation = Consultation.objects.get()
tags = [Tag.objects.create(consultation=consultation, name=f"Code {n}") for n in range(40)]
Tag.objects.create(consultation=consultation, name="Universal access")
for one in Submission.objects.all()[:3]:
    Review.objects.create(consultation=consultation, reference=one.reference, state="in-review").tags.add(tags[7], tags[9])
from submissions.queries.matrix import count_all
count_all()
"""
LIST = "/admin/submissions/submission/"


@pytest.fixture(scope="module")
def coded_stack():
    with Stack.ready() as started:
        started.manage("demo", "--count", "60")
        started.run_code(LONG_FRAME)
        yield started


@pytest.fixture
def reader(browser, coded_stack):
    one = Visitor(browser, coded_stack)
    sign_in(one.go("/admin/"), coded_stack)
    one.page.set_viewport_size({"width": 1280, "height": 800})
    yield one
    one.context.close()
    assert one.complaints == []


@pytest.mark.parametrize("address", [LIST, "/admin/submissions/contribution/"])
def test_a_laptop_shows_twelve_rows(reader, address):
    page = reader.go(address)
    rows = page.locator("#result_list tbody tr")
    whole = [box for box in (rows.nth(n).bounding_box() for n in range(14)) if box and box["y"] + box["height"] <= 800]
    assert len(whole) >= 12
    assert reader.overflow() <= 0
    assert found_by_axe(reader) == []


def test_a_filter_is_found_by_typing_and_taken_away_again(reader):
    page = reader.go(LIST)
    everything = page.locator("#result_list tbody tr").count()
    page.locator(".filter-bar > summary").click()
    box = page.get_by_label("Tag", exact=True)
    box.fill("no such tag")
    box.press("Tab")
    expect(box).to_have_value("")
    box.fill("universal")
    with page.expect_navigation():
        box.press("Enter")
    chip = page.get_by_role("link", name="Take away the filter Tag: Universal access")
    expect(chip).to_be_visible()
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    assert "country=" not in page.url
    assert found_by_axe(reader) == []
    chip.click()
    expect(page.locator("#result_list tbody tr")).to_have_count(everything)
    page.locator(".filter-bar > summary").click()
    page.get_by_label("Review", exact=True).select_option("in-review")
    with page.expect_navigation():
        page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("link", name="Take away the filter Review: In review")).to_be_visible()
    page.locator(".filter-bar > summary").click()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Review", exact=True)).to_be_hidden()
    # What is folded is shown to whoever comes by with the keyboard, too.
    page.goto(page.url.partition("?")[0] + "?tag=" + str(reader.stack.ask("Tag.objects.get(name='Code 7').pk")))
    folded = page.locator(".fold").first
    expect(folded.locator(".fold-text")).to_be_hidden()
    folded.focus()
    expect(folded.get_by_text("Code 7")).to_be_visible()


def test_a_submission_is_coded_by_keys_alone(reader):
    page = reader.go(f"{LIST}?review=new")
    first = open_first(page).partition("?")[0]
    assert found_by_axe(reader) == []
    # The most used tags stand first.
    shown = [words.strip() for words in page.locator(".review-tags label").all_inner_texts()]
    assert shown[:3] == ["Code 7", "Code 9", "Code 0"]
    expect(page.get_by_label("Why it is set aside")).to_be_hidden()
    keys = page.keyboard
    keys.press("4")
    expect(page.get_by_label("Why it is set aside")).to_be_visible()
    keys.press("3")
    expect(page.get_by_label("Reviewed")).to_be_checked()
    keys.press("t")
    keys.type("universal")
    keys.press("Enter")
    expect(page.get_by_label("Universal access")).to_be_checked()
    keys.press("ArrowDown")
    keys.press("Space")
    expect(page.get_by_label("Code 7")).to_be_checked()
    keys.press("c")
    keys.type("Three and a half, s and all.")
    keys.press("Control+Enter")
    expect(page.get_by_text("the review is saved.")).to_be_visible()
    assert page.url.partition("?")[0] == first
    expect(page.locator(".note")).to_have_text("Three and a half, s and all.")
    reference = page.locator(".messagelist a").inner_text()
    stored = "[[r.state, sorted(t.name for t in r.tags.all())] for r in Review.objects.filter(reference={!r})]"
    assert reader.stack.ask(stored.format(reference)) == [["reviewed", ["Code 7", "Universal access"]]]
    keys.press("j")
    page.wait_for_url(lambda address: not address.startswith(first))
    second = page.url.partition("?")[0]
    keys.press("2")
    keys.press("o")
    page.wait_for_url(lambda address: not address.startswith(second))
    keys.press("b")
    page.wait_for_url(lambda address: address.startswith(second))
    expect(page.get_by_label("In review")).to_be_checked()


def test_few_stops_lie_between_the_text_and_save(reader):
    page = reader.go(f"{LIST}?review=new")
    open_first(page)
    page.get_by_label("New", exact=True).focus()
    stops = 0
    while page.evaluate("document.activeElement.name") != "on":
        page.keyboard.press("Tab")
        stops += 1
        assert stops < 10
    assert stops == 5
