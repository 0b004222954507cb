"""Every page of the workspace that a link leads to: no two elements of one name, and nothing that axe finds."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.steps import CODE_FRAME, sign_in
from tests.browser.visitor import Visitor, settle
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

# What Django draws itself, and is Django's to mend: the box of a search, two lists side by side, an inline's empty head.
DJANGO = [["#searchbar"], [".selector"], ["th.original"], [".inline-group th:empty"]]
NO_PAGE = re.compile(r"\.csv$|/(download|logout|progress|readme|password_change|workbook)/|/jsi18n/")
TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return ids.filter((id, n) => id && ids.indexOf(id) !== n);
}"""


@pytest.fixture
def administrator(browser):
    with Stack.ready() as started:
        started.manage("demo", "--count", "20")
        started.run_code(CODE_FRAME)
        one = Visitor(browser, started)
        sign_in(one.go("/admin/"), started)
        yield one
        one.context.close()


def kind_of(address: str) -> str:
    return re.sub(r"/\d+/", "/N/", address)


def test_every_page_that_a_link_leads_to(administrator):
    """One of each kind; they are followed from the front page on, as far as there are new ones."""
    page, seen, found = administrator.page, {"/admin/": "/admin/"}, []
    todo = ["/admin/", "/admin/submissions/contribution/reading/"]
    while todo:
        address = todo.pop(0)
        administrator.go(address)
        settle(page)
        answer = Axe().run(page, context={"include": [["#content"]], "exclude": DJANGO})
        found += [
            f"{address} {one['id']}: {node['html'][:90]}"
            for one in answer.response["violations"]
            for node in one["nodes"]
        ]
        found += [f"{address} has two of {name}" for name in page.evaluate(TWICE)]
        hrefs = page.eval_on_selector_all("#content a[href]", "links => links.map((link) => link.getAttribute('href'))")
        for href in hrefs:
            there = href.split("?")[0].split("#")[0]
            if there.startswith("/admin/") and not NO_PAGE.search(there) and kind_of(there) not in seen:
                seen[kind_of(there)] = there
                todo.append(there)
    assert found == []
    assert len(seen) > 60
    assert {"/admin/themes/consultation/N/change/", "/admin/submissions/submission/N/change/"} <= set(seen)
