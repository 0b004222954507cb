"""Real Chromium against the started stack. One stack and one browser serve all these tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.stack import Stack

FLAGS = [
    "--no-sandbox",  # a container's root has no user namespaces to build the sandbox from; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("No Chromium on the PATH. `make test` installs it when root; else install it and try again.")


# As long as a page's own actions may take: two test files at a time share the machine.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    started = Stack.ready().start()
    yield started
    started.stop()
    started.remove()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Chromium is told of no proxy and no home of ours. Playwright keeps an event loop running in this process, and
        # Django takes every later test's queries for calls from within it, which they are not.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


class Visitor:
    """A browser of its own: cookies, console, and every request it makes."""

    def __init__(self, browser: Browser, stack: Stack, **options) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.base = stack.url
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def shoot(self, name: str) -> None:
        """A picture for people to look at, when SCREENSHOTS names a folder."""
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture
def visitor(browser, stack):
    """Makes visitors; closes their browsers at the end, and fails if the console complained or a stranger was asked."""
    visitors: list[Visitor] = []

    def make(**options) -> Visitor:
        visitors.append(Visitor(browser, stack, **options))
        return visitors[-1]

    yield make
    for one in visitors:
        one.context.close()
        # A refusal is a 409, and Chromium notes each; nothing else may be said.
        assert [text for text in one.complaints if "409 (Conflict)" not in text] == []
        assert {url for url in one.requests if not url.startswith((one.base, "data:"))} == set()
