"""The mails on one submission, as files that a mail program opens: the HTML part drawn in Chromium, and the text part."""

import email
import email.policy
import os
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.steps import text_of
from tests.browser.visitor import settle
from tests.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

RULE = re.compile(r"-{20,}")


def opened(raw: bytes) -> EmailMessage:
    """A file of Django's has a line of dashes after each mail."""
    message = email.message_from_bytes(raw[: raw.rstrip().rfind(b"\n")], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_the_notice_and_the_receipt(visitor, stack, language):
    address = f"reader-{language}@example.org"
    one = visitor()
    page = one.go("/elements-paper/themes/2/")
    text_of(page).fill("Access for all <b>\n\nالوصول للجميع")
    page.locator(f".languages [value={language}]").click()
    one.go("/elements-paper/about-you/")
    page.locator("[name=submitting_as][value=organisation]").check()
    page.locator("[name=organisation]").fill("Réseau des bibliothèques")
    page.locator("[name=stakeholder_group][value=civil-society]").check()
    page.locator("[name=country]").select_option("KE")
    page.locator("[name=language]").select_option("en")
    page.locator("[name=contact_name]").fill("Amina Otieno")
    page.locator("[name=email]").fill(address)
    page.locator("[name=consent][value=named]").check()
    page.locator("[name=has_accepted_privacy]").check()
    page.locator("#about-you .button").click()
    page.locator("#sending .button").click()
    expect(page.locator(".reference")).to_be_visible()
    reference = page.locator(".reference").inner_text()
    until(lambda: stack.mails_to(address))
    notice = opened(stack.mails_to(address)[0])
    (link,) = re.findall(r"http://\S+/confirm/\S+", part(notice, "plain"))
    # Nothing that a stranger wrote, before the address is confirmed.
    assert "Access for all" not in part(notice, "plain")
    page.goto(link)
    page.locator("main form .button").click()
    until(lambda: len(stack.mails_to(address)) == 2)
    reader = one.context.browser.new_context(viewport={"width": 360, "height": 700})
    for n, raw in enumerate(stack.mails_to(address)):
        message = opened(raw)
        assert reference in re.sub("[\u2066-\u2069]", "", str(message["Subject"]))
        assert str(message["Reply-To"]) == "consultation@127.0.0.1"
        plain, html = part(message, "plain"), part(message, "html")
        letter = reader.new_page()
        asked: list[str] = []
        letter.on("request", lambda request, asked=asked: asked.append(request.url))
        letter.set_content(html)
        settle(letter)
        # Both parts say the same, in the same order; nothing is loaded, and a phone need not scroll sideways.
        assert RULE.sub("", plain).split() == letter.locator("body").inner_text().split()
        assert asked == []
        assert letter.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        direction = letter.evaluate("getComputedStyle(document.body).direction")
        assert direction == ("rtl" if language == "ar" else "ltr")
        assert letter.locator("a").first.get_attribute("href").startswith(stack.url)
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            letter.screenshot(path=Path(folder) / f"mail-{language}-{n}.png", full_page=True)
            (Path(folder) / f"mail-{language}-{n}.txt").write_text(plain, encoding="utf-8")
    reader.close()
