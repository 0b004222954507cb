"""An export in the browser: asked for from the list, its bar moving, called off, asked for again, fetched."""

import csv
import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.steps import sign_in
from tests.browser.visitor import Visitor
from tests.stack import Stack, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def full_stack():
    """A stack of its own, with 7,500 texts: enough for a bar to move."""
    with Stack.ready() as started:
        started.manage("shell", "--no-imports", "-c", "from bench.filling import fill; fill(500)", as_owner=True)
        yield started


@pytest.fixture
def workspace(browser, full_stack):
    one = Visitor(browser, full_stack)
    sign_in(one.go("/admin/"), full_stack)
    yield one
    one.context.close()
    assert one.complaints == []


def ask(workspace: Visitor, *choices: str) -> None:
    page = workspace.page
    for choice in choices:
        page.get_by_label(choice).check()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_text("Your export has been requested.")).to_be_visible()


def test_from_the_list_to_the_file(workspace):
    page = workspace.go("/admin/submissions/submission/?country=KE")
    workspace.shoot("export-list")
    page.get_by_role("link", name=re.compile("Export all 8[34] submissions of this list")).click()
    expect(page.get_by_text(re.compile("8[34] submissions are chosen."))).to_be_visible()
    expect(page.get_by_text("country or territory: Kenya")).to_be_visible()
    workspace.shoot("export-ask")
    ask(workspace)
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=120_000)
    with page.expect_download() as started:
        page.get_by_role("link", name="Its README").click()
    assert "country or territory: Kenya" in started.value.path().read_text()

    # A workbook takes its time, the more so while intake is open: the bar moves without a reload.
    workspace.go("/admin/submissions/export/add/")
    ask(workspace, "Excel (.xlsx)")
    bar = page.get_by_role("progressbar", name="Rows written")
    until(lambda: 0 < bar.evaluate("bar => bar.value") < bar.evaluate("bar => bar.max"), "the bar never moved")
    seen = bar.evaluate("bar => bar.value")
    workspace.shoot("export-running")
    until(lambda: bar.evaluate("bar => bar.value") > seen, "the bar stood still")
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=120_000)
    workspace.shoot("export-ready")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"elements-paper-contributions-workspace-\d{8}T\d{6}Z\.xlsx", started.value.suggested_filename)
    sheet = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()), read_only=True)["Rows"]
    found = sum(1 for _row in sheet.iter_rows(values_only=True)) - 1
    assert found == 7_500


def test_called_off_and_asked_for_again(workspace):
    page = workspace.go("/admin/submissions/export/add/")
    workspace.shoot("export-ask-all")
    ask(workspace, "Excel (.xlsx)", "With contact names and e-mail addresses")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("It was called off. Nothing of it was kept.")).to_be_visible()
    workspace.shoot("export-cancelled")
    # Refused with a sentence, and nothing that was chosen is lost.
    workspace.go("/admin/submissions/export/add/")
    page.get_by_label("Word (.docx)").check()
    page.get_by_label("Submissions: one row each").check()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_text("A compilation holds contributions")).to_be_visible()
    assert page.get_by_label("Word (.docx)").is_checked()
    workspace.shoot("export-refused")
    page.get_by_label("Contributions: one row").check()
    page.locator("input[name=areas]").nth(3).check()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=120_000)
    workspace.go("/admin/submissions/export/")
    workspace.shoot("exports")
    page.get_by_role("link", name=re.compile("Excel")).first.click()
    page.get_by_role("button", name="Request it again").click()
    expect(page.get_by_text("Your export has been requested.")).to_be_visible()


def test_without_scripts(browser, full_stack):
    one = Visitor(browser, full_stack, java_script_enabled=False)
    sign_in(one.go("/admin/"), full_stack)
    page = one.go("/admin/submissions/export/add/?filters=country%3DBR")
    page.get_by_label("For programs: every text exactly as it was written").check()
    page.get_by_role("button", name="Export").click()
    # The page draws itself anew every few seconds.
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=120_000)
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    text = started.value.path().read_text()
    assert {row["country"] for row in csv.DictReader(io.StringIO(text, newline=""))} == {"Brazil"}
    one.context.close()
