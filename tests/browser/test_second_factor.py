"""The second factor in the browser: the picture is drawn under the page's policy, the codes are shown, the workspace opens."""

import re

import pytest
from django_otp.oath import totp
from playwright.sync_api import expect

from tests.browser.steps import key_on, sign_in
from tests.browser.visitor import Visitor
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]


@pytest.fixture(scope="module")
def guarded_stack():
    with Stack.ready(SECOND_FACTOR="true") as started:
        yield started


def test_set_up_signed_out_and_in_again(browser, guarded_stack):
    one = Visitor(browser, guarded_stack)
    page = one.go("/admin/")
    sign_in(page, guarded_stack)
    expect(page.get_by_role("heading", name="You need an invitation")).to_be_visible()
    one.shoot("second-factor-not-invited")
    page.goto(guarded_stack.manage("invite", "admin").strip())
    one.shoot("second-factor-invitation")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    box = page.locator(".qr svg").bounding_box()
    assert box is not None
    assert box["width"] > 150
    one.shoot("second-factor-set-up")
    # By keyboard alone: the field has the focus.
    expect(page.get_by_label("Code")).to_be_focused()
    code = f"{totp(key_on(page)):06}"
    page.keyboard.type(code)
    expect(page.get_by_label("Code")).to_have_value(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    one.shoot("second-factor-codes")
    page.get_by_role("link", name="I have kept them: go on").click()
    expect(page.get_by_role("heading", name="Secretariat workspace")).to_be_visible()
    page.get_by_role("button", name="Log out").click()

    one.go("/admin/submissions/submission/")
    sign_in(page, guarded_stack)
    page.get_by_label("Code").fill("not-a-code")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("This code is not right"))
    one.shoot("second-factor-wrong")
    page.wait_for_timeout(1500)  # a wrong one makes the next one wait
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/admin/submissions/submission/")
    one.context.close()
    assert [text for text in one.complaints if "422" not in text and "403" not in text] == []
