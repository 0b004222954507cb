"""Writing in real Chromium: counting, saving while one types, colleagues, and the server's clock."""

import json
import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from submissions.text.words import count_words
from tests.browser.steps import THEMES, expect_saved, private_link, text_of
from tests.factories import ARABIC, CHINESE
from tests.word_cases import WORD_CASES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

# --- counting --------------------------------------------------------------------------------------------------


def test_the_page_counts_as_the_server_does(visitor):
    page = visitor().go(f"{THEMES}/1/")
    counted = page.evaluate("(texts) => texts.map(countWords)", [text for text, _words in WORD_CASES])
    assert counted == [words for _text, words in WORD_CASES]


def test_both_count_the_same_on_every_sign_there_is(visitor):
    """Each letter, digit and mark that Python's Unicode knows, alone and between letters."""
    page = visitor().go(f"{THEMES}/1/")
    known = [chr(code) for code in range(0x20, 0x32000) if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co"}]
    texts = [text for sign in known for text in (sign, f"a{sign}b {sign}")]
    assert len(texts) > 200_000
    counted = page.evaluate("(texts) => JSON.parse(texts).map(countWords)", json.dumps(texts))
    different = [text for text, n in zip(texts, counted, strict=True) if n != count_words(text)]
    assert different == []


def test_the_count_follows_and_names_what_is_too_long(visitor):
    page = visitor().go(f"{THEMES}/1/")
    line = page.locator(".count")
    expect(line).to_have_text("0 of 1000 words")
    text_of(page).fill("人工智能 and two words")
    expect(line).to_have_text("7 of 1000 words")
    page.locator("summary", has_text="Propose wording").click()
    page.locator("#id_row-0-wording").fill("three more words")
    expect(line).to_have_text("10 of 1000 words")
    text_of(page).fill("word " * 1002)
    expect(line).to_have_text("1005 of 1000 words: 5 too many. All is kept; shorten it before you send.")
    page.get_by_role("button", name="Save and see all areas").click()
    expect(page.get_by_text("Too long: 1005 of 1000 words")).to_be_visible()


@pytest.mark.parametrize("height", [640, 400])
def test_words_time_and_save_stay_in_sight_on_a_long_text(visitor, height):
    page = visitor(viewport={"width": 360, "height": height}, timezone_id="Asia/Tokyo").go(f"{THEMES}/8/")
    text_of(page).fill("A line of a long text.\n" * 80)
    bar, before = page.locator(".save-bar"), text_of(page).input_value()
    for at in (0, 0.3, 0.6):
        page.evaluate("at => window.scrollTo(0, document.body.scrollHeight * at)", at)
        if page.locator("#write").bounding_box()["y"] < height:
            expect(bar).to_be_in_viewport(ratio=1)
    bar.get_by_role("button", name="Save").click()
    expect_saved(page)
    hour = datetime.now(ZoneInfo("Asia/Tokyo"))
    shown = page.locator(".saved").inner_text()
    assert any(f"{moment:%H:%M}" in shown for moment in (hour, hour - timedelta(minutes=1)))
    # It stays on the page, and what has the focus is never under it.
    assert (page.url.endswith("/themes/8/"), text_of(page).input_value()) == (True, before)
    page.locator("summary", has_text="Propose wording").focus()
    covered = page.evaluate(
        "() => document.activeElement.getBoundingClientRect().bottom"
        " > document.querySelector('.save-bar').getBoundingClientRect().top"
    )
    assert covered is False
    page.reload()
    expect(text_of(page)).to_have_value(before)


def test_save_is_no_way_round_a_colleague(visitor):
    one, other = visitor(), visitor()
    page = one.go(f"{THEMES}/9/")
    text_of(page).fill("Ours.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect_saved(page)
    link = private_link(one)
    other.go("/elements-paper/come-back/").get_by_label("Your private link").fill(link)
    other.page.get_by_role("button", name="Open the draft").click()
    page, theirs = one.go(f"{THEMES}/9/"), other.go(f"{THEMES}/9/")
    text_of(theirs).fill("Theirs.")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect_saved(theirs)
    text_of(page).fill("Mine.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".saved")).to_contain_text("A colleague has saved this area in the meantime")
    # The second time the page shows both.
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errors")).to_contain_text("Theirs.")
    expect(text_of(page)).to_have_value("Mine.")


# --- saving while one types --------------------------------------------------------------------------------------


def test_what_is_typed_is_saved_by_itself(visitor):
    one = visitor()
    page = one.go(f"{THEMES}/4/")
    text_of(page).press_sequentially("Typed and never sent by a button.")
    expect_saved(page)
    page.reload()
    expect(text_of(page)).to_have_value("Typed and never sent by a button.")
    # It goes on from the version that it saved itself: no conflict with oneself, by script or by button.
    text_of(page).press("Control+End")
    text_of(page).press_sequentially(" More.")
    page.wait_for_timeout(4_000)
    text_of(page).press("Control+End")
    text_of(page).press_sequentially(" And more.")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/themes/5/")
    page = one.go(f"{THEMES}/4/")
    expect(text_of(page)).to_have_value("Typed and never sent by a button. More. And more.")


def test_leaving_after_a_save_asks_nothing(visitor):
    page = visitor().go(f"{THEMES}/4/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    text_of(page).fill("Saved by itself.")
    expect_saved(page)
    page.get_by_role("link", name="All areas").first.click()
    page.wait_for_url("**/elements-paper/#themes")
    assert asked == []


def test_a_button_pressed_while_it_saves_waits_and_loses_nothing(visitor):
    one = visitor()
    page = one.go(f"{THEMES}/6/")
    page.route("**/themes/6/", lambda route: (page.wait_for_timeout(600), route.continue_()))
    text_of(page).fill("First.")
    page.wait_for_timeout(3_100)
    text_of(page).press_sequentially(" Second.")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/themes/7/")
    page.unroute_all(behavior="ignoreErrors")
    expect(text_of(one.go(f"{THEMES}/6/"))).to_have_value("First. Second.")


# --- two browsers on one link ------------------------------------------------------------------------------------


def test_two_browsers_on_one_link_lose_nothing(visitor):
    """Both write on one area. The second to save sees both texts, and brings them together."""
    amina, bao = visitor(), visitor(viewport={"width": 360, "height": 740})
    page = amina.go(f"{THEMES}/9/")
    text_of(page).fill("Begun by Amina.")
    page.get_by_role("button", name="Save and go on").click()
    link = private_link(amina)

    # Bao follows the link from his mail: nothing opens before he presses the button.
    other = bao.page
    other.goto(link)
    expect(other.get_by_label("Your private link")).to_have_value(link)
    assert "#" not in other.url
    assert not any(cookie["name"].startswith("draft-") for cookie in bao.context.cookies())
    bao.shoot("come-back-by-link-360")
    other.get_by_role("button", name="Open the draft").click()
    expect(other.get_by_text("Draft · 3 words")).to_be_visible()

    amina.go(f"{THEMES}/9/")
    bao.go(f"{THEMES}/9/")
    text_of(page).fill(ARABIC)
    page.get_by_role("button", name="Save and see all areas").click()
    expect(page.get_by_text("Draft · 13 words")).to_be_visible()
    text_of(other).fill(CHINESE)
    expect(other.get_by_text("A colleague has saved this area in the meantime.")).to_be_visible(timeout=120_000)
    with other.expect_response(lambda response: response.request.method == "POST") as refused:
        other.get_by_role("button", name="Save and see all areas").click()
    assert refused.value.status == 409
    expect(
        other.get_by_role("heading", name="This area was saved in another window or by a colleague in the meantime")
    ).to_be_visible()
    expect(other.locator(".errors .text")).to_have_text(ARABIC)
    expect(text_of(other)).to_have_value(CHINESE)
    bao.shoot("conflict-360")
    text_of(other).fill(f"{ARABIC}\n\n{CHINESE}")
    other.get_by_role("button", name="Save and see all areas").click()
    other.wait_for_url("**/elements-paper/#area-9")
    amina.go(f"{THEMES}/9/")
    expect(text_of(page)).to_have_value(f"{ARABIC}\n\n{CHINESE}")


# --- clocks ------------------------------------------------------------------------------------------------------


def test_the_clock_and_the_time_left_are_the_servers(visitor):
    """A visitor whose own clock is a year off is told the truth all the same."""
    one = visitor(timezone_id="Asia/Tokyo")
    one.page.clock.install(time="2030-01-01T00:00:00Z")
    page = one.go(f"{THEMES}/1/")
    server = page.locator("[data-clock]").get_attribute("datetime")
    before = page.locator(".left").inner_text()
    one.page.clock.run_for(61_000)
    shown = page.locator("[data-clock]").inner_text()
    hours, minutes = map(int, server[11:16].split(":"))
    later = (hours * 60 + minutes + 1) % 1440
    assert shown == f"{later // 60:02}:{later % 60:02}"
    assert page.locator(".left").inner_text() == before
    expect(page.get_by_text("(Tokyo)")).to_be_visible()
