"""The second factor in the browser: the picture is drawn under the page's policy, the codes are shown, the workspace opens."""

import re

import pytest
from django_otp.oath import totp
from playwright.sync_api import expect

from tests.browser.steps import found_by_axe, key_on, sign_in
from tests.browser.visitor import Visitor
from tests.stack import Stack, free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


COLLEAGUE = """
from django.contrib.auth.models import User
User.objects.create_superuser("mariam", password={password!r})
"""


@pytest.fixture(scope="module")
def guarded_stack():
    """Browsers make passkeys for a host with a name: over HTTPS, or for "localhost"."""
    port = free_port()
    with Stack.ready(port, SECOND_FACTOR="true", PUBLIC_URL=f"http://localhost:{port}") as started:
        yield started


def test_a_passkey_takes_the_place_of_the_code(browser, guarded_stack):
    """With Chromium's own virtual authenticator: added, used, removed. By a colleague of the next test's."""
    guarded_stack.run_code(COLLEAGUE.format(password=guarded_stack.password))
    one = Visitor(browser, guarded_stack)
    page = one.go("/admin/")
    keys = one.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    authenticator = keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    sign_in(page, guarded_stack, "mariam")
    page.goto(guarded_stack.manage("invite", "mariam").strip())
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(f"{totp(key_on(page)):06}")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="I have kept them: go on").click()
    page.get_by_role("link", name="Passkeys").click()
    expect(page.get_by_text("You have none.")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("button", name="Remove")).to_be_visible()
    one.shoot("passkeys")
    assert found_by_axe(one) == []
    assert len(keys.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1
    page.get_by_role("button", name="Log out").click()

    one.go("/admin/submissions/submission/")
    sign_in(page, guarded_stack, "mariam")
    one.shoot("second-factor-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/submissions/submission/")

    # Removed, it opens nothing any more, although the authenticator still has it; and who came in by it shows the code.
    one.go("/admin/passkeys/")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_label("Code")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    assert guarded_stack.ask(
        "list(__import__('accounts.models', fromlist=['x']).SecurityEvent.objects.order_by('pk')"
        ".values_list('kind', flat=True))"
    )[-3:] == ["signed-in", "right-code", "second-factor-reset"]
    one.context.close()


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
