"""A morning in the workspace, in one go: the second factor, filters, ten read by keyboard, marks, bars, a decision, the cutoff
moved, a late entry, four eyes, an export. By two persons, since closing takes two; axe on every page on the way.
"""

import os
import re

import pytest
from django_otp.oath import totp
from playwright.sync_api import Page, expect

from tests.browser.steps import CODE_FRAME, found_by_axe, key_on
from tests.browser.visitor import Visitor
from tests.stack import Stack, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

COLLEAGUE = """
from django.contrib.auth.models import Group, User
user = User.objects.create_user("mariam", password="a-long-password-of-hers", is_staff=True)
user.groups.add(Group.objects.get(name="Manager"))
"""
LIST = "/admin/submissions/submission/"


@pytest.fixture(scope="module")
def morning_stack():
    with Stack.ready(SECOND_FACTOR="true") as started:
        # For pictures as many as a large round brings; for the test alone fewer do.
        started.manage("demo", "--count", "2000" if os.environ.get("SCREENSHOTS") else "100")
        started.run_code(CODE_FRAME)
        started.run_code(COLLEAGUE)
        yield started


def come_in(visitor: Visitor, name: str, password: str) -> Page:
    """Invited, by both factors; the second is set up on the way."""
    page = visitor.page
    page.goto(visitor.stack.manage("invite", name).strip())
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Username:").fill(name)
    page.get_by_label("Password:").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_label("Code").fill(f"{totp(key_on(page)):06}")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="I have kept them: go on").click()
    return page


def select(page: Page, words: str) -> str:
    """Selects what stands in the first text, as a mouse would; answers with what was selected."""
    return str(
        page.locator("[data-place] .as-written").first.evaluate(
            """(node, words) => {
              const text = node.firstChild.nodeType === 3 ? node.firstChild : node.firstChild.firstChild;
              const start = words ? text.data.indexOf(words) : 0;
              const range = document.createRange();
              range.setStart(text, start);
              range.setEnd(text, start + (words ? words.length : 12));
              const selection = document.getSelection();
              selection.removeAllRanges();
              selection.addRange(range);
              return selection.toString();
            }""",
            words,
        )
    )


def test_a_morning_in_the_workspace(browser, morning_stack):
    admin = Visitor(browser, morning_stack)
    mariam = Visitor(browser, morning_stack)
    page = come_in(admin, "admin", morning_stack.password)
    second = come_in(mariam, "mariam", "a-long-password-of-hers")
    expect(page.get_by_role("region", name="The consultation in figures")).to_be_visible()
    admin.shoot("morning-front")

    # Filter, and keep the filter under a name.
    admin.go(f"{LIST}?review=new&stakeholder_group__exact=civil-society")
    page.get_by_text("Save these filters", exact=True).click()
    page.get_by_label("Save these filters as").fill("Civil society, new")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as “Civil society, new”.")).to_be_visible()
    admin.go(LIST)
    page.get_by_role("link", name="Civil society, new").click()
    expect(page.locator("#result_list tbody tr").first).to_be_visible()
    admin.shoot("morning-list")

    # Ten read by keyboard alone: n goes to the next new one.
    page.locator("#result_list tbody th a").first.focus()
    page.keyboard.press("Enter")
    # Until the page's script is there: the next key is for it.
    page.wait_for_url("**/change/**")
    seen = []
    for _turn in range(10):
        reference = page.locator(".field-reference .readonly").inner_text()
        assert reference not in seen
        seen.append(reference)
        page.keyboard.press("n")
        expect(page.locator(".field-reference .readonly")).not_to_have_text(reference)
        page.wait_for_load_state("load")
    assert len(seen) == 10

    # Tag a passage, black one out, decide, note, assign, set the state.
    chosen = select(page, "")
    expect(page.locator(".passage-panel.is-chosen #passage-passage")).to_have_value(chosen)
    page.locator("#passage-tag").select_option(label="Connectivity")
    page.get_by_role("button", name="Tag it").click()
    expect(page.get_by_text(re.compile("Tagged, in .* place"))).to_be_visible()
    expect(page.locator("mark.mark-blue").first).to_have_text(chosen.strip() or chosen)
    expect(page.locator(".marks li")).to_have_count(1)
    barred = select(page, "")
    page.get_by_role("button", name="Black it out").click()
    expect(page.get_by_text("Say why it is blacked out.")).to_be_visible()
    expect(page.locator("#passage-passage")).to_have_value(barred)
    page.get_by_label("Why it is blacked out").fill("Names a private person.")
    page.get_by_role("button", name="Black it out").click()
    expect(page.locator("s.blacked").first).to_be_visible()
    page.get_by_text("Publication of this text").first.click()
    page.get_by_label("Checked and cleared").first.check()
    page.get_by_role("button", name="Decide").first.click()
    expect(page.locator(".contribution-card strong", has_text="Checked and cleared").first).to_be_visible()
    page.get_by_label("Add a note for your colleagues").fill("Asks for figures; see paragraph 59.")
    page.get_by_label("Assigned to").select_option(label="mariam")
    page.get_by_role("radio", name="In review").check()
    page.get_by_label("Gender", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("the review is saved.")).to_be_visible()
    expect(page.get_by_text("Asks for figures; see paragraph 59.")).to_be_visible()
    assert found_by_axe(admin) == []
    admin.shoot("morning-reading")
    page.emulate_media(color_scheme="dark")
    assert found_by_axe(admin) == []
    admin.shoot("morning-reading-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    assert admin.overflow() <= 0
    admin.shoot("morning-reading-360")
    page.set_viewport_size({"width": 1280, "height": 900})
    # It is assigned to the other now.
    mariam.go(f"{LIST}?assignee=me")
    expect(second.locator("#result_list tbody tr")).to_have_count(1)

    # One theme across all, from text to text.
    admin.go("/admin/submissions/contribution/?theme__id__exact=5")
    page.get_by_role("link", name="Read these one after the other").click()
    expect(page.get_by_role("heading", name="5. Bridging digital divides")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("[data-card]").nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-card]").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("[data-card]").nth(0)).to_be_focused()
    chosen = select(page, "")
    page.locator("#passage-tag").select_option(label="Finance")
    page.get_by_role("button", name="Tag it").click()
    expect(page.locator("mark.mark-amber").first).to_be_visible()
    assert "/contribution/reading/" in page.url
    assert found_by_axe(admin) == []
    admin.shoot("morning-theme")

    # What is alike, side by side.
    morning_stack.run_code(RAISE)
    # Where the worker was at it, it is the worker that finds them.
    until(lambda: morning_stack.ask("Campaign.objects.count()"), "no groups")
    admin.go("/admin/submissions/campaign/")
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_role("heading", name="The text that most of them sent")).to_be_visible()
    assert found_by_axe(admin) == []
    admin.shoot("morning-alike")

    # The cutoff is moved, shown and announced first.
    admin.go("/admin/themes/consultation/1/cutoff/")
    page.get_by_label("New deadline").fill("2099-07-26T00:00:00")
    page.get_by_label("Reason, for the public").fill("Asked for by many.")
    page.get_by_label("Announcement, Français").fill("La date limite est reportée.")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("La date limite est reportée.").last).to_be_visible()
    assert found_by_axe(admin) == []
    admin.shoot("morning-extension")
    page.get_by_role("button", name="Move the deadline").click()
    expect(page.get_by_text(re.compile("The deadline is now the end of .*2099"))).to_be_visible()
    assert "La date limite est reportée." in _get(admin, "/", "fr")

    # Closed early by two, and a late entry after that.
    admin.go("/admin/themes/consultation/1/close/")
    page.get_by_label("Reason, for the public").fill("The room is full.")
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("It waits for one of these to confirm it: mariam.")).to_be_visible()
    assert found_by_axe(admin) == []
    mariam.go("/admin/")
    second.get_by_role("link", name=re.compile("waits for a second person")).click()
    mariam.shoot("morning-four-eyes")
    second.get_by_role("button", name="Confirm, and do it now").click()
    expect(second.get_by_text("The deadline is now")).to_be_visible()
    mariam.go(LIST)
    second.get_by_role("link", name="Enter on behalf of somebody").click()
    second.get_by_role("radio", name="On paper").check()
    second.get_by_label("Why it is taken").fill("Handed over at the session.")
    second.get_by_role("radio", name="An organisation").check()
    second.get_by_role("textbox", name="Organisation").fill("Village Library Turkana")
    second.get_by_role("radio", name="Civil society").check()
    second.get_by_label("Country or territory").select_option("KE")
    second.get_by_label("Language").select_option("en")
    second.get_by_role("textbox", name="Contact name").fill("Ekai Lokiru")
    second.get_by_role("textbox", name="E-mail").fill("ekai@example.org")
    second.get_by_role("radio", name="With my name or my organisation’s").check()
    second.get_by_label("They have accepted the privacy notice, in the same way").check()
    assert found_by_axe(mariam) == []
    mariam.shoot("morning-enter")
    second.get_by_role("button", name="Enter the submission").click()
    expect(second.get_by_text("Type what it says on at least one area.")).to_be_visible()
    second.get_by_text("5. Bridging digital divides").click()
    second.locator("#id_theme-5").fill("The library has books and no link.")
    second.get_by_role("button", name="Enter the submission").click()
    expect(second.get_by_text(re.compile("Entered as .*The receipt goes by e-mail."))).to_be_visible()
    expect(second.locator(".flag", has_text="Late: On paper").first).to_be_visible()
    until(lambda: morning_stack.mails_to("ekai@example.org"))

    # Exported, with what was said of it.
    mariam.go(f"{LIST}?came=late")
    second.get_by_role("link", name=re.compile("Export the 1 submission")).click()
    second.get_by_role("button", name="Export", exact=True).click()
    expect(second.get_by_role("link", name="Download", exact=True)).to_be_visible(timeout=120_000)
    with second.expect_download() as started:
        second.get_by_role("link", name="Download", exact=True).click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    assert "On paper,late,Handed over at the session." in text
    assert text.count("\n") == 2

    # And all of it is in the trail.
    mariam.go("/admin/submissions/change/?of=submissions.Redaction")
    expect(second.locator("#result_list tbody tr")).to_have_count(1)
    expect(second.locator("#result_list .field-sentence")).to_contain_text("admin made Redaction")
    mariam.shoot("morning-trail")
    for one in (admin, mariam):
        one.context.close()
        assert [sentence for sentence in one.complaints if "422" not in sentence] == []


# What the worker does by itself once a minute.
RAISE = "from submissions.review.flags.sweep import raise_flags; raise_flags()"


def _get(visitor: Visitor, path: str, language: str) -> str:
    answer = visitor.context.request.get(visitor.base + path, headers={"Accept-Language": language})
    return answer.text()
