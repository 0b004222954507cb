"""Real Chromium against the started stack. One stack and one browser serve all these tests."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.steps import REOPEN
from tests.browser.visitor import CHROMIUM_FLAGS, Visitor, chromium
from tests.stack import Stack

# As long as a page's own actions may take: two test files at a time share the machine.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Stack.ready() as started:
        yield started


@pytest.fixture
def reopened(stack: Stack) -> Iterator[None]:
    """For a test that closes the consultation: those after it find it open again, whatever becomes of this one."""
    yield
    stack.run_code(REOPEN)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Chromium is told of no proxy and no home of ours. Playwright keeps an event loop running in this process, and
        # Django takes every later test's queries for calls from within it, which they are not.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        started = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield started
        started.close()


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
