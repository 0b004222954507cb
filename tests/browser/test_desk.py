"""The secretariat's desk in the browser: the front page, a stretch of reading by keyboard, many at once; axe on each."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_journey import sign_in
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CODE_FRAME = """
from submissions.models import Tag
from themes.models import Consultation
consultation = Consultation.objects.get()
for name, colour in (("Connectivity", "blue"), ("Gender", "violet"), ("Finance", "amber"), ("Human rights", "green")):
    Tag.objects.create(consultation=consultation, name=name, colour=colour)
"""


@pytest.fixture(scope="module")
def busy_stack():
    """A stack of its own with 300 believable submissions and a code frame."""
    started = Stack.ready().start()
    started.manage("demo")
    started.manage("shell", "--no-imports", "-c", CODE_FRAME)
    yield started
    started.stop()
    started.remove()


@pytest.fixture
def desk(browser, busy_stack):
    one = Visitor(browser, busy_stack)
    sign_in(one.go("/admin/"), busy_stack)
    yield one
    one.context.close()
    assert one.complaints == []


def found_by_axe(desk: Visitor) -> list[str]:
    """What axe finds in what is ours; what it finds in Django's own pages is Django's to mend."""
    page, before = desk.page, list(desk.complaints)
    ours = [
        *(".front", ".review-panel", ".ways", ".export-state", ".chosen", ".reading", ".passage-panel", ".saved"),
        *(".side-by-side", ".cutoff", ".summary"),
    ]
    there = [[one] for one in ours if page.locator(one).count()]
    assert there
    answer = Axe().run(page, context={"include": there})
    desk.complaints[:] = before  # it tries styles of its own, which the page's policy refuses
    return [f"{one['id']}: {node['html'][:90]}" for one in answer.response["violations"] for node in one["nodes"]]


def test_the_front_page(desk):
    page = desk.page
    expect(page.get_by_role("region", name="The consultation in figures")).to_be_visible()
    expect(page.locator(".tiles dd").first).to_have_text("300")
    assert page.locator(".pictures svg .bar").count() == 16 + 7 + 6
    assert page.locator(".coverage tbody tr").count() == 16
    assert found_by_axe(desk) == []
    assert desk.overflow() <= 0
    desk.shoot("desk-front")
    page.emulate_media(color_scheme="dark")
    assert found_by_axe(desk) == []
    desk.shoot("desk-front-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    assert desk.overflow() <= 0
    desk.shoot("desk-front-360")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").last.click()
    assert started.value.suggested_filename == "elements-paper-coverage.csv"


def test_ten_read_by_keyboard(desk):
    page = desk.go("/admin/submissions/submission/?review=new")
    desk.shoot("desk-list")
    page.locator("#result_list tbody th a").first.click()
    reference = page.locator(".field-reference .readonly").inner_text()
    assert found_by_axe(desk) == []
    desk.shoot("desk-reading")
    seen = {reference}
    # j and k walk the list; a letter that is typed into a note goes nowhere.
    page.keyboard.press("j")
    expect(page.locator(".field-reference .readonly")).not_to_have_text(reference)
    page.wait_for_load_state("load")
    page.keyboard.press("k")
    expect(page.locator(".field-reference .readonly")).to_have_text(reference)
    page.get_by_label("Add a note for your colleagues").press_sequentially("jkn stay here")
    expect(page.locator(".field-reference .readonly")).to_have_text(reference)
    for turn in range(10):
        page.get_by_role("radio", name="Reviewed").check()
        if turn % 3 == 0:
            page.get_by_label("Gender").check()
        page.get_by_role("button", name="Save, and on to the next new one").click()
        expect(page.get_by_text("the review is saved.")).to_be_visible()
        now = page.locator(".field-reference .readonly").inner_text()
        assert now not in seen
        seen.add(now)
    page = desk.go("/admin/submissions/submission/?review=reviewed")
    expect(page.locator("#result_list tbody tr")).to_have_count(10)
    expect(page.locator("#result_list .tag-violet")).to_have_count(4)
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_text("jkn stay here")).to_be_visible()
    assert found_by_axe(desk) == []
    desk.shoot("desk-reviewed")


def test_set_aside_without_a_reason_and_many_at_once(desk):
    page = desk.go("/admin/submissions/submission/?country=KE")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("radio", name="Set aside").check()
    page.get_by_label("Add a note for your colleagues").fill("Typed with care.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Say why it is set aside.")).to_be_visible()
    expect(page.get_by_label("Add a note for your colleagues")).to_have_value("Typed with care.")
    desk.shoot("desk-no-reason")
    page = desk.go("/admin/submissions/submission/?country=KE")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option(label="Review the selected submissions")
    page.get_by_role("button", name=re.compile("Go|Run")).click()
    expect(page.get_by_text(re.compile(r"This changes the review of \d+ submissions\."))).to_be_visible()
    assert found_by_axe(desk) == []
    desk.shoot("desk-many")
    page.get_by_label("State").select_option(label="In review")
    page.get_by_label("Assigned to").select_option(label="admin")
    page.get_by_label("Finance").check()
    page.get_by_role("button", name=re.compile(r"Change \d+ submissions")).click()
    expect(page.get_by_text(re.compile(r"\d+ submissions were changed\."))).to_be_visible()
    expect(page.locator("#result_list .review-in-review")).to_have_count(page.locator("#result_list tbody tr").count())
    desk.shoot("desk-list-after")
