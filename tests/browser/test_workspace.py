"""The secretariat's workspace in the browser: the front page, a stretch of reading by keyboard, many at once; axe on each."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CODE_FRAME, found_by_axe, open_first, sign_in
from tests.browser.visitor import Visitor, settle
from tests.stack import BASE, Stack, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def busy_stack():
    """A stack of its own with 120 believable submissions and a code frame."""
    with Stack.ready() as started:
        started.manage("demo", "--count", "120")
        started.run_code(CODE_FRAME)
        yield started


@pytest.fixture
def workspace(browser, busy_stack):
    one = Visitor(browser, busy_stack)
    sign_in(one.go("/admin/"), busy_stack)
    yield one
    one.context.close()
    assert one.complaints == []


def take(page: Page, name: str, folder: Path) -> bytes:
    settle(page)
    return page.screenshot(path=folder / f"{name}.png")


def test_the_readme_shows_the_pages_as_they_are(workspace, tmp_path):
    """They are taken whenever this runs, and kept where PICTURES names a folder."""
    folder = Path(os.environ.get("PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page = workspace.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("region", name="The consultation in figures").wait_for()
    take(page, "workspace", folder)
    take(workspace.go("/elements-paper/"), "home", folder)
    readme = (BASE / "README.md").read_text(encoding="utf-8")
    for name in ("home", "workspace"):
        assert f"(docs/pictures/{name}.png)" in readme
        # Kept in the tree: of the same size, however far the days in it have moved on.
        kept, taken = (BASE / "docs" / "pictures" / f"{name}.png").read_bytes(), (folder / f"{name}.png").read_bytes()
        assert kept[16:24] == taken[16:24]


def test_the_front_page(workspace):
    page = workspace.page
    expect(page.get_by_role("region", name="The consultation in figures")).to_be_visible()

    def counted() -> bool:
        """The worker counts every half minute."""
        page.reload()
        return page.locator(".tiles dd").first.inner_text() == "120"

    until(counted, "the figures are not counted")
    assert page.locator(".pictures svg .bar").count() == 16 + 7 + 6
    assert page.locator(".coverage tbody tr").count() == 16
    assert found_by_axe(workspace) == []
    assert workspace.overflow() <= 0
    workspace.shoot("workspace-front")
    page.emulate_media(color_scheme="dark")
    assert found_by_axe(workspace) == []
    workspace.shoot("workspace-front-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    assert workspace.overflow() <= 0
    workspace.shoot("workspace-front-360")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").last.click()
    assert started.value.suggested_filename == "elements-paper-coverage.csv"


def test_from_the_matrix_to_the_texts(workspace):
    workspace.go("/admin/submissions/submission/")
    page = workspace.page
    page.get_by_role("link", name="Matrix").click()
    expect(page.get_by_role("columnheader", name="Civil society")).to_be_visible()
    page.get_by_label("Columns").select_option(label="Regions")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("columnheader", name="Oceania")).to_be_visible()
    assert found_by_axe(workspace) == []
    workspace.shoot("matrix")
    page.emulate_media(color_scheme="dark")
    assert found_by_axe(workspace) == []
    workspace.shoot("matrix-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    assert workspace.overflow() <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    cell = page.locator("tbody td a").first
    count = cell.inner_text()
    cell.click()
    expect(page.locator(".paginator")).to_contain_text(re.compile(rf"^\s*{count} "))


def test_ten_read_by_keyboard(workspace):
    page = workspace.go("/admin/submissions/submission/?review=new")
    workspace.shoot("workspace-list")
    open_first(page)
    reference = page.locator(".field-reference .readonly").inner_text()
    assert found_by_axe(workspace) == []
    workspace.shoot("workspace-reading")
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
    page = workspace.go("/admin/submissions/submission/?review=reviewed")
    expect(page.locator("#result_list tbody tr")).to_have_count(10)
    expect(page.locator("#result_list .tag-violet")).to_have_count(4)
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_text("jkn stay here")).to_be_visible()
    assert found_by_axe(workspace) == []
    workspace.shoot("workspace-reviewed")


def test_set_aside_without_a_reason_and_many_at_once(workspace):
    page = workspace.go("/admin/submissions/submission/?country=KE")
    open_first(page)
    page.get_by_role("radio", name="Set aside").check()
    page.get_by_label("Add a note for your colleagues").fill("Typed with care.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Say why it is set aside.")).to_be_visible()
    expect(page.get_by_label("Add a note for your colleagues")).to_have_value("Typed with care.")
    workspace.shoot("workspace-no-reason")
    page = workspace.go("/admin/submissions/submission/?country=KE")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option(label="Review the selected submissions")
    page.get_by_role("button", name=re.compile("Go|Run")).click()
    expect(page.get_by_text(re.compile(r"This changes the review of \d+ submissions\."))).to_be_visible()
    assert found_by_axe(workspace) == []
    workspace.shoot("workspace-many")
    page.get_by_label("State").select_option(label="In review")
    page.get_by_label("Assigned to").select_option(label="admin")
    page.get_by_role("group", name="Add tags").get_by_label("Finance").check()
    page.get_by_role("button", name=re.compile(r"Change \d+ submissions")).click()
    expect(page.get_by_text(re.compile(r"\d+ submissions were changed\."))).to_be_visible()
    expect(page.locator("#result_list .review-in-review")).to_have_count(page.locator("#result_list tbody tr").count())
    workspace.shoot("workspace-list-after")
