"""Many send from one network: the browser proves its work by itself, without a stranger's help; without script a mail does."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import say_who
from tests.browser.visitor import Visitor
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def busy_stack():
    """From the second sending on, a network proves some work."""
    with Stack.ready(RATE_LIMIT_FACTOR="0.1") as started:
        yield started


def come_to_send(browser, stack: Stack, name: str, **options) -> Visitor:
    one = Visitor(browser, stack, **options)
    page = one.go("/elements-paper/themes/1/")
    page.get_by_label("Your input").fill("Rural connectivity needs public funds.")
    page.get_by_role("button", name="Save and go on").click()
    one.go("/elements-paper/about-you/")
    say_who(page, email=f"{name}@example.org")
    return one


def test_the_second_one_proves_its_work(browser, busy_stack):
    first = come_to_send(browser, busy_stack, "first")
    first.page.get_by_role("button", name="Send the submission").click()
    first.page.wait_for_url("**/receipt/")
    assert not any("proof" in url for url in first.requests)

    second = come_to_send(browser, busy_stack, "second")
    page = second.page
    expect(page.get_by_role("status").filter(has_text=re.compile("arithmetic|done its part"))).to_be_visible()
    expect(page.get_by_role("button", name="E-mail me a link to send")).to_be_hidden()
    second.shoot("proof-of-work")
    # Pressed at once: the press waits for the proof, and is one sending.
    page.get_by_role("button", name="Send the submission").click()
    page.wait_for_url("**/receipt/", timeout=120_000)
    assert {url for url in second.requests if not url.startswith((second.base, "data:"))} == set()
    assert second.complaints == []

    third = come_to_send(browser, busy_stack, "third", java_script_enabled=False)
    page = third.page
    page.get_by_role("button", name="Send the submission").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    page.get_by_role("button", name="E-mail me a link to send").click()
    expect(page.get_by_role("alert")).to_contain_text("third@example.org")
    for one in (first, second, third):
        one.context.close()
