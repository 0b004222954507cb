"""The two pictures of the README. They are taken whenever this runs, and kept where PICTURES names a folder."""

import os
from pathlib import Path

import pytest

from tests.browser.steps import sign_in
from tests.browser.visitor import Visitor, settle
from tests.stack import BASE, Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SIZE = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def demo_stack():
    with Stack.ready() as started:
        started.manage("demo", "--count", "120")
        yield started


def take(one: Visitor, name: str, folder: Path) -> bytes:
    settle(one.page)
    return one.page.screenshot(path=folder / f"{name}.png")


def test_the_readme_shows_the_pages_as_they_are(browser, demo_stack, tmp_path):
    folder = Path(os.environ.get("PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    one = Visitor(browser, demo_stack, viewport=SIZE)
    one.go("/elements-paper/")
    take(one, "home", folder)
    sign_in(one.go("/admin/"), demo_stack)
    one.page.get_by_role("region", name="The consultation in figures").wait_for()
    take(one, "workspace", folder)
    readme = (BASE / "README.md").read_text(encoding="utf-8")
    for name in ("home", "workspace"):
        assert f"(docs/pictures/{name}.png)" in readme
        # Kept in the tree: of the same size, however far the days in it have moved on.
        kept, taken = (BASE / "docs" / "pictures" / f"{name}.png").read_bytes(), (folder / f"{name}.png").read_bytes()
        assert kept[16:24] == taken[16:24]
    one.context.close()
