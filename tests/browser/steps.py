"""Steps that several journeys in the browser share."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, settle
from tests.stack import Stack

THEMES = "/elements-paper/themes"


def text_of(page: Page):
    return page.get_by_label("Your input")


def expect_saved(page: Page) -> None:
    """The quiet note says so, and nothing is unsaved any more."""
    expect(page.locator(".saved:not(.pending)")).to_have_text(
        re.compile(r"^Saved, \d\d:\d\d your time$"), timeout=120_000
    )


def private_link(visitor_) -> str:
    page = visitor_.go("/elements-paper/come-back/")
    return page.locator(".private").inner_text().replace("\n", "")


def say_who(page: Page, *, email: str) -> None:
    page.get_by_label("An organisation", exact=True).check()
    page.get_by_label("Organisation, delegation or coalition").fill("Réseau des bibliothèques")
    page.get_by_label("Civil society").check()
    page.get_by_label("Country or territory").select_option(label="Kenya")
    page.get_by_label("Language of your text").select_option(label="Several languages")
    page.get_by_label("Your name").fill("Amina Otieno")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("With my name or my organisation’s").check()
    page.get_by_label("I have read the privacy notice").check()
    page.get_by_role("button", name="Save and check").click()


def sign_in(page: Page, stack: Stack, name: str = "admin") -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(stack.password)
    page.get_by_role("button", name="Log in").click()


REOPEN = """
from datetime import timedelta
from django.db.models import Q
from django.db.models.functions import Now
from themes.models import Consultation
for consultation in Consultation.objects.filter(Q(closed_at__isnull=False) | Q(closes_at__lte=Now())):
    closes_at = consultation.closes_at + timedelta(days=365)
    Consultation.objects.filter(pk=consultation.pk).update(closed_at=None, closes_at=closes_at)
"""


def key_on(page) -> bytes:
    from base64 import b32decode

    return b32decode(page.locator("code").inner_text().replace(" ", ""))


CODE_FRAME = """
from submissions.models import Tag
from themes.models import Consultation
consultation = Consultation.objects.get()
for name, colour in (("Connectivity", "blue"), ("Gender", "violet"), ("Finance", "amber"), ("Human rights", "green")):
    Tag.objects.create(consultation=consultation, name=name, colour=colour)
"""


def open_first(page: Page) -> str:
    """From a list the page of its first submission, which is there when this returns. Its address."""
    page.locator("#result_list tbody th a").first.click()
    page.locator(".review-panel").wait_for()
    return page.url


def found_by_axe(workspace: Visitor) -> list[str]:
    """What axe finds in what is ours; what it finds in Django's own pages is Django's to mend."""
    page, before = workspace.page, list(workspace.complaints)
    ours = [
        *(".front", ".review-panel", ".ways", ".export-state", ".chosen", ".reading", ".passage-panel", ".saved"),
        *(".side-by-side", ".cutoff", ".summary", ".passkeys", ".sessions", ".matrix", ".list-tools", "#result_list"),
    ]
    expect(page.locator(", ".join(ours)).first).to_be_attached()  # a click does not wait for the page it leads to
    settle(page)
    there = [[one] for one in ours if page.locator(one).count()]
    answer = Axe().run(page, context={"include": there})
    workspace.complaints[:] = before  # it tries styles of its own, which the page's policy refuses
    return [f"{one['id']}: {node['html'][:90]}" for one in answer.response["violations"] for node in one["nodes"]]


def choose_words(page: Page) -> str:
    """Selects twelve letters of the first text that nothing marks yet, as a mouse would."""
    return str(
        page.evaluate(
            """() => {
              const place = document.querySelector("[data-place] .as-written");
              const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
              let text = texts.nextNode();
              while (text.length < 12 || text.parentElement.closest("mark, s")) text = texts.nextNode();
              const range = document.createRange();
              range.setStart(text, 0);
              range.setEnd(text, 12);
              const selection = document.getSelection();
              selection.removeAllRanges();
              selection.addRange(range);
              return selection.toString();
            }"""
        )
    )
