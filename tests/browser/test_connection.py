"""A connection that goes away while one writes or sends: nothing typed is lost, and nothing is sent twice."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import THEMES, expect_saved, private_link, text_of
from tests.factories import ENGLISH
from tests.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def test_cut_in_the_middle_of_typing(visitor):
    """Typed on while the connection is away; said so; saved when it is back. No button loses the page."""
    one = visitor()
    page = one.go(f"{THEMES}/10/")
    text_of(page).fill("Before the cut.")
    expect_saved(page)
    one.context.set_offline(True)
    text_of(page).press_sequentially(" Typed in the tunnel.")
    expect(page.get_by_text("Not saved: the server cannot be reached.")).to_be_visible(timeout=120_000)
    one.shoot("connection-away")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_timeout(1_000)
    expect(text_of(page)).to_have_value("Before the cut. Typed in the tunnel.")
    one.context.set_offline(False)
    expect_saved(page)
    page = one.go(f"{THEMES}/10/")
    expect(text_of(page)).to_have_value("Before the cut. Typed in the tunnel.")
    one.complaints[:] = [text for text in one.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_kept_in_the_browser_when_wanted_and_only_then(visitor):
    one = visitor()
    page = one.go(f"{THEMES}/11/")
    text_of(page).fill("On the server.")
    expect_saved(page)
    kept = "Object.keys(localStorage).filter((name) => name.startsWith('kept:'))"
    assert page.evaluate(kept) == []
    page.get_by_label("If the connection is lost, keep what I type").check()
    one.context.set_offline(True)
    text_of(page).press_sequentially(f" In the browser. {ENGLISH}")
    expect(page.get_by_text("It is kept in this browser, and saved as soon as the connection is back.")).to_be_visible(
        timeout=120_000
    )
    assert page.evaluate(kept) == ["kept:elements-paper-11"]

    # The tab is closed, the laptop opened again elsewhere: the text stands in the field, and is saved.
    page.close(run_before_unload=False)
    one.context.set_offline(False)
    again = one.context.new_page()
    again.goto(f"{one.base}/elements-paper/send/")
    expect(again.get_by_text("This browser keeps text that is not saved yet")).to_be_visible()
    again.goto(f"{one.base}{THEMES}/11/")
    expect(text_of(again)).to_have_value(f"On the server. In the browser. {ENGLISH}")
    # By this page, or by a last try of the one that was closed: then nothing is kept any more.
    until(lambda: again.evaluate(kept) == [])
    again.reload()
    expect(text_of(again)).to_have_value(f"On the server. In the browser. {ENGLISH}")
    one.complaints[:] = [text for text in one.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_kept_in_the_browser_it_makes_no_conflict_with_oneself(visitor):
    """A button right after typing, before anything was saved by itself; then on in the same area."""
    one = visitor()
    page = one.go(f"{THEMES}/10/")
    page.get_by_label("If the connection is lost, keep what I type").check()
    text_of(page).fill("First.")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/themes/11/")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('kept:'))") == []
    page = one.go(f"{THEMES}/10/")
    text_of(page).press("Control+End")
    text_of(page).press_sequentially(" And more.")
    expect_saved(page)
    page.get_by_role("button", name="Save and see all areas").click()
    page.wait_for_url("**/elements-paper/#area-10")
    expect(text_of(one.go(f"{THEMES}/10/"))).to_have_value("First. And more.")


def test_rows_are_kept_in_the_browser_and_saved_whole(visitor):
    """A row, a button that adds the next, and on: with keeping on, nothing of either is lost."""
    one = visitor()
    page = one.go(f"{THEMES}/10/")
    page.get_by_label("If the connection is lost, keep what I type").check()
    page.locator("summary", has_text="Propose wording").click()
    page.locator("#id_row-0-wording").fill("The first row.")
    page.get_by_role("button", name="Save and add a row").click()
    page.wait_for_url("**?row#rows")
    expect(page.locator("#id_row-0-wording")).to_have_value("The first row.")
    page.locator("#id_row-1-wording").fill("The second row.")
    kept = "Object.keys(localStorage).filter((name) => name.startsWith('kept:'))"
    until(lambda: page.wait_for_timeout(200) or page.evaluate(kept) == [])
    page = one.go(f"{THEMES}/10/")
    expect(page.locator("#id_row-0-wording")).to_have_value("The first row.")
    expect(page.locator("#id_row-1-wording")).to_have_value("The second row.")
    assert page.evaluate(kept) == []


def test_a_button_whose_answer_never_comes_leaves_the_kept_text(visitor):
    """The server is gone when the button is pressed: one stays on the page, and the copy stays until it is saved."""
    one = visitor()
    page = one.go(f"{THEMES}/10/")
    page.get_by_label("If the connection is lost, keep what I type").check()
    page.route("**/themes/10/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    text_of(page).fill("Only here.")
    page.get_by_role("button", name="Save and see all areas").click()
    expect(page.get_by_text("It is kept in this browser, and saved as soon as")).to_be_visible(timeout=120_000)
    page.close(run_before_unload=False)
    page = one.context.new_page()
    page.goto(f"{one.base}/elements-paper/")
    page.goto(f"{one.base}{THEMES}/10/")
    expect(text_of(page)).to_have_value("Only here.")
    expect_saved(page)
    one.complaints[:] = [text for text in one.complaints if "net::ERR" not in text]


FULL_STORAGE = """
Storage.prototype.setItem = function () { throw new DOMException("No room", "QuotaExceededError"); };
"""
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("Not allowed", "SecurityError"); } });
}
"""


@pytest.mark.parametrize("storage", [FULL_STORAGE, NO_STORAGE], ids=["full", "refused"])
def test_a_browser_that_keeps_nothing_saves_all_the_same(visitor, storage):
    one = visitor()
    one.context.add_init_script(storage)
    page = one.go(f"{THEMES}/6/")
    page.locator("[data-keep]").check()
    text_of(page).press_sequentially("Saved by the server.")
    expect_saved(page)
    # Away, it is said that nothing is kept, and it is saved when the connection is back.
    one.context.set_offline(True)
    text_of(page).press_sequentially(" And more.")
    expect(page.locator(".saved")).to_have_text(
        "Not saved: the server cannot be reached, and this browser has no room left to keep it. Leave this page open."
    )
    one.context.set_offline(False)
    expect_saved(page)
    page.reload()
    expect(text_of(page)).to_have_value("Saved by the server. And more.")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/themes/7/")
    one.complaints[:] = [text for text in one.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_a_conflict_is_settled_also_with_keeping_on(visitor):
    """The page with both texts brings the version from which one goes on, and the next button saves."""
    one, other = visitor(), visitor()
    page = one.go(f"{THEMES}/10/")
    page.get_by_label("If the connection is lost, keep what I type").check()
    text_of(page).fill("Mine.")
    expect_saved(page)
    link = private_link(one)
    there = other.go("/elements-paper/come-back/")
    there.get_by_label("Your private link").fill(link)
    there.get_by_role("button", name="Open").first.click()
    page = one.go(f"{THEMES}/10/")
    there = other.go(f"{THEMES}/10/")
    text_of(there).fill("A colleague's.")
    expect_saved(there)
    text_of(page).fill("Mine, changed.")
    expect(page.get_by_text("A colleague has saved this area in the meantime.")).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Save and see all areas").click()
    expect(page.get_by_text("Nothing is lost. The saved text is shown here")).to_be_visible()
    text_of(page).fill("Both together.")
    page.get_by_role("button", name="Save and see all areas").click()
    page.wait_for_url("**/elements-paper/#area-10")
    expect(text_of(one.go(f"{THEMES}/10/"))).to_have_value("Both together.")


def test_a_form_that_has_grown_old_is_told_by_its_button(visitor):
    """Its cookie is gone: saving by itself gets no answer that it could read, and the button leads to the page that asks."""
    one = visitor()
    page = one.go(f"{THEMES}/10/")
    one.context.clear_cookies(name="csrftoken")
    text_of(page).fill("Typed on an old page.")
    expect(page.get_by_text("Not saved. Press any button to see why.")).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Save and see all areas").click()
    expect(page.get_by_role("button", name="Send it again")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/elements-paper/#area-10")
    expect(text_of(one.go(f"{THEMES}/10/"))).to_have_value("Typed on an old page.")
    one.complaints[:] = [text for text in one.complaints if "403" not in text]


def test_what_is_kept_of_one_draft_or_consultation_goes_to_no_other(visitor):
    one = visitor()
    page = one.go(f"{THEMES}/10/")
    text_of(page).fill("Of this draft.")
    expect_saved(page)
    of_another = '{"text": "Of another draft.", "version": "1", "draft": "0123456789abcdef"}'
    page.evaluate("(item) => localStorage.setItem('kept:elements-paper-10', item)", of_another)
    page.evaluate("localStorage.setItem('kept:elements-paper-2-5', '{}')")
    page.reload()
    expect(text_of(page)).to_have_value("Of this draft.")
    aside = "kept:elements-paper-10@0123456789abcdef"
    assert page.evaluate("(name) => JSON.parse(localStorage.getItem(name)).text", aside) == "Of another draft."
    # Also when one goes on writing here.
    page.get_by_label("If the connection is lost, keep what I type").check()
    text_of(page).press_sequentially("More. ")
    expect_saved(page)
    assert page.evaluate("(name) => JSON.parse(localStorage.getItem(name)).text", aside) == "Of another draft."
    one.go("/elements-paper/come-back/")
    page.get_by_role("button", name="Finish on this device").click()
    expect(page.get_by_text("This browser no longer opens the draft.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == ["kept:elements-paper-2-5"]


def test_finishing_on_a_shared_device_leaves_nothing_in_it(visitor):
    one = visitor()
    page = one.go(f"{THEMES}/12/")
    page.get_by_label("If the connection is lost, keep what I type").check()
    text_of(page).fill("Nobody else's business.")
    expect_saved(page)
    page.evaluate("localStorage.setItem('kept:elements-paper-13', '{}')")
    one.go("/elements-paper/come-back/")
    page.get_by_role("button", name="Finish on this device").click()
    expect(page.get_by_text("This browser no longer opens the draft.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []
    assert not any(cookie["name"].startswith("draft-") for cookie in one.context.cookies())
    one.shoot("finished")
    expect(text_of(one.go(f"{THEMES}/12/"))).to_have_value("")


def test_cut_in_the_middle_of_sending(visitor, stack):
    """Once offline before the button is pressed, once with the answer lost on its way: it is received once."""
    from tests.browser.steps import say_who

    one = visitor()
    page = one.go(f"{THEMES}/13/")
    text_of(page).fill("Sent once.")
    page.get_by_role("button", name="Save and go on").click()
    one.go("/elements-paper/about-you/")
    say_who(page, email="cut@example.org")
    one.context.set_offline(True)
    page.get_by_role("button", name="Send the submission").click()
    expect(page.get_by_text("You are offline: nothing was sent.")).to_be_visible()
    one.shoot("send-offline")
    one.context.set_offline(False)

    lost: list[int] = []

    def lose_the_answer(route) -> None:
        """The server gets it and answers; the answer never arrives."""
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/send/", lose_the_answer)
    try:
        page.get_by_role("button", name="Send the submission").click()
        page.wait_for_timeout(1_000)
    finally:
        page.unroute_all(behavior="ignoreErrors")
    assert lost == [303]
    page = one.go("/elements-paper/send/")
    page.wait_for_url("**/receipt/")
    reference = page.locator(".reference").inner_text()
    assert stack.ask("Submission.objects.filter(email='cut@example.org').count()") == 1
    assert len(reference) == 14
    one.complaints[:] = [text for text in one.complaints if "net::ERR" not in text]
