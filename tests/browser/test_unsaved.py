"""What is typed into the workspace's forms, and a click on something else: nothing goes with it."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import lxml.html
import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.steps import CODE_FRAME, choose_words, open_first, sign_in
from tests.browser.visitor import Visitor
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
NOTE = "Asks for figures; see paragraph 59."


@pytest.fixture(scope="module")
def read_stack():
    with Stack.ready() as started:
        started.manage("demo", "--count", "12")
        started.run_code(CODE_FRAME)
        yield started


@pytest.fixture
def reader(browser, read_stack):
    one = Visitor(browser, read_stack)
    sign_in(one.go("/admin/"), read_stack)
    yield one
    one.context.close()
    # A refusal is a 403, and Chromium notes each.
    assert [text for text in one.complaints if "403 (Forbidden)" not in text] == []


def test_a_review_is_kept_while_passages_are_tagged(reader):
    page = reader.go("/admin/submissions/submission/?review=new")
    address = open_first(page)
    page.get_by_label("Add a note for your colleagues").fill(NOTE)
    page.get_by_role("radio", name="In review").check()
    page.get_by_label("Gender", exact=True).check()

    def expect_kept() -> None:
        expect(page.get_by_label("Add a note for your colleagues")).to_have_value(NOTE)
        expect(page.get_by_role("radio", name="In review")).to_be_checked()
        expect(page.get_by_label("Gender", exact=True)).to_be_checked()
        assert page.url == address

    chosen = choose_words(page)
    page.locator("#passage-tag").select_option(label="Connectivity")
    page.get_by_role("button", name="Tag it").click()
    expect(page.get_by_text(re.compile("Tagged, in .* place"))).to_be_visible()
    expect(page.locator("mark.mark-blue").first).to_have_text(chosen.strip())
    expect_kept()
    # What is refused says so where it was done.
    barred = choose_words(page)
    page.get_by_role("button", name="Black it out").click()
    expect(page.locator(".passage-panel .errornote")).to_have_text("Say why it is blacked out.")
    expect(page.locator("#passage-passage")).to_have_value(barred)
    expect_kept()
    page.locator("#passage-reason").fill("Names a private person.")
    page.get_by_role("button", name="Black it out").click()
    expect(page.locator("s.blacked").first).to_be_visible()
    page.get_by_role("button", name="Take off").first.click()
    expect(page.locator(".marks li")).to_have_count(1)
    expect_kept()
    # The key for the next one asks first; whoever stays has everything.
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("h1").first.click()
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect_kept()
    # Saving does not ask, and afterwards nothing does.
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("the review is saved.")).to_be_visible()
    expect(page.get_by_label("Add a note for your colleagues")).to_have_value("")
    expect(page.get_by_text("It is not saved yet.")).to_have_count(0)
    page.locator("h1").first.click()
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != address)
    assert asked == ["beforeunload"]


def test_signing_in_again_leads_back_with_what_was_typed(reader, read_stack):
    page = reader.go("/admin/submissions/submission/?review=new")
    address = open_first(page)
    page.get_by_label("Add a note for your colleagues").fill(NOTE)
    page.get_by_role("radio", name="Reviewed").check()
    reader.context.clear_cookies(name="sessionid")
    # In the background: it says so, and nothing moves.
    choose_words(page)
    page.locator("#passage-tag").select_option(label="Finance")
    page.get_by_role("button", name="Tag it").click()
    expect(page.locator(".not-sent")).to_contain_text("Nothing you typed is lost.")
    expect(page.get_by_label("Add a note for your colleagues")).to_have_value(NOTE)
    # And by its button.
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    reader.shoot("signed-out")
    page.get_by_role("link", name="Sign in and go back to the page").click()
    sign_in(page, read_stack)
    page.wait_for_url(address)
    # In both forms: the review, and the passage that did not arrive either.
    expect(page.get_by_text("What you had typed here is back. It is not saved yet.")).to_have_count(2)
    expect(page.get_by_label("Add a note for your colleagues")).to_have_value(NOTE)
    expect(page.get_by_role("radio", name="Reviewed")).to_be_checked()
    reader.shoot("given-back")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("the review is saved.")).to_be_visible()
    expect(page.locator(".notes .note").first).to_have_text(NOTE)
    # The passage is still there to be tagged.
    expect(page.get_by_text("It is not saved yet.")).to_have_count(1)
    page.get_by_role("button", name="Discard it").click()
    page.reload()
    expect(page.get_by_text("It is not saved yet.")).to_have_count(0)


def pages_with_forms(reader: Visitor) -> list[str]:
    """Every page of the workspace that links lead to and in which something can be typed; one of each kind."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = ["/admin/"]
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"\d+", "n", urlsplit(path).path)
        if kind in seen:
            continue
        seen.add(kind)
        answer = reader.page.request.get(reader.base + path)
        if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        tree = lxml.html.fromstring(answer.text())
        if tree.xpath("//*[@id='content']//form[@method='post'][.//textarea or .//input[@type='text']]"):
            found[kind] = path
        for href in tree.xpath("//a/@href"):
            link = urlsplit(urljoin(path, href))
            if not link.netloc and link.path.startswith("/admin/") and "logout" not in link.path:
                waiting.append(link.path)
    return list(found.values())


TYPED = "Wörter, die bleiben"
FILL = """(typed) => {
  const ours = [...document.querySelectorAll("#content form[method=post]")];
  for (const [place, form] of ours.entries()) {
    if (form.matches("[data-background]")) continue;  // proven above, on the page of a submission
    const fields = [...form.querySelectorAll("textarea, input[type=text]")];
    const field = fields.find((one) => !one.disabled && !one.readOnly && !one.name.includes("__prefix__"));
    if (!field || !field.checkVisibility()) continue;
    field.value = typed;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    form.noValidate = true;
    for (const one of form.querySelectorAll("input[type=url], input[type=email]")) one.type = "text";
    return [place, field.name];
  }
  return null;
}"""


def test_every_form_of_the_workspace_gives_back_what_was_typed(reader):
    """One mechanism: sent after the session ended, it is shown, and stands in its form again after signing in."""
    page = reader.page
    expect(page.get_by_role("link", name="Sessions")).to_be_visible()
    reader.page.on("dialog", lambda dialog: dialog.accept())
    cookies = reader.context.cookies()
    proven = []
    for path in pages_with_forms(reader):
        reader.go(path)
        at = urlsplit(page.url).path
        place = page.evaluate(FILL, TYPED)
        if place is None:
            continue
        number, name = place
        reader.context.clear_cookies(name="sessionid")
        with page.expect_navigation():
            page.evaluate(
                "(number) => document.querySelectorAll('#content form[method=post]')[number].requestSubmit()", number
            )
        assert page.locator("[data-signed-out]").count(), path
        assert TYPED in page.content(), path
        link = page.get_by_role("link", name="Sign in and go back to the page").get_attribute("href")
        (back,) = parse_qs(urlsplit(link or "").query)["next"]
        assert urlsplit(back).path == at
        reader.context.add_cookies(cookies)  # as signing in does
        reader.go(back)
        form = page.locator("#content form[method=post]").nth(number)
        field = form.locator(f"[name='{name}']").first
        expect(field).to_have_value(TYPED)
        expect(page.get_by_text("What you had typed here is back. It is not saved yet.")).to_have_count(1)
        page.get_by_role("button", name="Discard it").click()
        expect(field).not_to_have_value(TYPED)
        proven.append(path)
    assert len(proven) > 12, proven


def test_what_a_colleague_did_meanwhile_is_not_written_over(browser, reader, read_stack):
    """Only what was typed comes back, over the version it was typed on: the server says what has changed since."""
    page = reader.go("/admin/submissions/submission/?review=new")
    address = open_first(page)
    page.get_by_label("Add a note for your colleagues").fill(NOTE)
    colleague = Visitor(browser, read_stack)
    theirs = colleague.go("/admin/")
    sign_in(theirs, read_stack)
    theirs.goto(address)
    theirs.get_by_role("radio", name="Reviewed").check()
    theirs.get_by_label("Finance", exact=True).check()
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.get_by_text("the review is saved.")).to_be_visible()
    colleague.context.close()
    cookies = reader.context.cookies()
    reader.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    reader.context.add_cookies(cookies)
    page.goto(address)
    expect(page.get_by_label("Add a note for your colleagues")).to_have_value(NOTE)
    expect(page.get_by_role("radio", name="Reviewed")).to_be_checked()
    expect(page.get_by_label("Finance", exact=True)).to_be_checked()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".review-panel .errornote")).to_contain_text("changed this meanwhile: Reviewed")
    # What was refused is not saved: leaving asks.
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("h1").first.click()
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("the review is saved.")).to_be_visible()
    expect(page.locator(".notes .note").first).to_have_text(NOTE)


def test_a_code_at_the_door_is_kept_nowhere(browser, read_stack):
    one = Visitor(browser, read_stack)
    page = one.go("/admin/")
    page.get_by_label("Username").fill("somebody")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    one.context.close()
