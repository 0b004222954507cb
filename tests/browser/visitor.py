"""A browser with its own cookies, console and requests."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.stack import Stack

CHROMIUM_FLAGS = [
    "--no-sandbox",  # a container's root has no user namespaces to build the sandbox from; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Who types before the page has settled keeps the focus, and the browser notes it: a matter of speed, and as it should be.
NO_COMPLAINT = "Autofocus processing was blocked because a document already has a focused element."


def chromium() -> str:
    # Chromium without its own windows first: it renders the same, and takes a third of the processor.
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("No Chromium on the PATH. `make test` installs it when root; else install it and try again.")


def settle(page: Page) -> None:
    """Waits until nothing on the page moves or fades: a colour in the middle of a transition is nobody's colour."""
    page.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
             .then(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)))
             .then(() => true)"""
    )


class Visitor:
    """A browser of its own: cookies, console, and every request it makes."""

    def __init__(self, browser: Browser, stack: Stack, **options) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        self.stack = stack
        self.base = stack.url
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _hear(self, text: str) -> None:
        if text != NO_COMPLAINT:
            self.complaints.append(text)

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def shoot(self, name: str) -> None:
        """A picture for people to look at, when SCREENSHOTS names a folder."""
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            settle(self.page)
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
