"""A day of two reviewers and a manager: each takes the next unread one, codes it by keys, loses a session in between; a
campaign is coded at once and undone; the matrix leads to the texts; and the compilation is opened."""

import io
import re
import zipfile

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.steps import CODE_FRAME, choose_words, sign_in
from tests.browser.visitor import Visitor
from tests.stack import Stack, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PEOPLE = """
from django.contrib.auth.models import Group, User
password = User.objects.get(username="admin").password
for name, group in (("amina", "Reviewer"), ("bayo", "Reviewer"), ("mariam", "Manager")):
    user = User.objects.create(username=name, password=password, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""
# What the worker does in the background every minute, and each half.
SWEEP = """
from submissions.queries.matrix import count_all
from submissions.review.flags.sweep import raise_flags
raise_flags()
count_all()
"""
LETTER = (
    "Fund the libraries where people learn to use what they are given, in their own language and near their homes. "
)
CAMPAIGN = f"""
import uuid
from submissions.models import Draft
from submissions.sending.submit import submit
from submissions.text.content import Content
from themes.models import Consultation
consultation = Consultation.objects.get()
theme = consultation.themes.get(number=4)
for n in range(6):
    who = Draft(
        consultation=consultation, submitting_as="organisation", organisation=f"Branch {{n}}", language="en",
        stakeholder_group="civil-society", country="KE", contact_name=f"Person {{n}}", email=f"p{{n}}@example.org",
        consent="named", has_accepted_privacy=True,
    )
    submit(consultation=consultation, respondent=who, contents={{theme: Content({LETTER!r} * 6)}}, sending_key=uuid.uuid4())
"""
LIST = "/admin/submissions/submission/"


@pytest.fixture(scope="module")
def day_stack():
    with Stack.ready() as started:
        started.manage("demo", "--count", "30")
        started.run_code(CODE_FRAME)
        started.run_code(PEOPLE)
        started.run_code(CAMPAIGN)
        started.run_code(SWEEP)
        yield started


@pytest.fixture
def come(browser, day_stack):
    there: list[Visitor] = []

    def come_in(name: str) -> Visitor:
        one = Visitor(browser, day_stack)
        sign_in(one.go("/admin/"), day_stack, name)
        there.append(one)
        return one

    yield come_in
    for one in there:
        one.context.close()
        # Whoever was signed out is answered by a 403, and Chromium notes it.
        assert [text for text in one.complaints if "403 (Forbidden)" not in text] == []


def take_next(visitor: Visitor) -> str:
    """The reference of the one that was taken."""
    visitor.go(LIST).get_by_role("button", name="Take the next unread").click()
    return str(visitor.page.locator(".field-reference .readonly").inner_text())


def code_by_keys(page: Page, tag: str, note: str) -> None:
    """With a passage tagged while the note is not saved yet."""
    page.locator("h1").first.click()
    page.keyboard.press("3")
    page.keyboard.press("t")
    page.keyboard.type(tag[:5])
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type(note)
    chosen = choose_words(page)
    page.locator("#passage-tag").select_option(label=tag)
    page.get_by_role("button", name="Tag it").click()
    expect(page.locator(".contribution-card mark").first).to_have_text(chosen.strip())
    expect(page.get_by_label("Add a note for your colleagues")).to_have_value(note)


def test_a_day(come, day_stack):
    amina, bayo = come("amina"), come("bayo")
    first, second = take_next(amina), take_next(bayo)
    assert first != second
    assert day_stack.ask(f"[r.assignee.username for r in Review.objects.filter(reference={first!r})]") == ["amina"]

    code_by_keys(amina.page, "Finance", "Wants figures by 2030.")
    amina.page.keyboard.press("Control+Enter")
    expect(amina.page.get_by_text("the review is saved.")).to_be_visible()

    # Bayo is signed out before the note is saved, and finds it when he is back.
    code_by_keys(bayo.page, "Gender", "Not saved yet.")
    address = bayo.page.url
    bayo.context.clear_cookies(name="sessionid")
    bayo.page.get_by_role("button", name="Save", exact=True).click()
    expect(bayo.page.get_by_role("heading", name="You were signed out")).to_be_visible()
    bayo.page.get_by_role("link", name="Sign in and go back to the page").click()
    sign_in(bayo.page, day_stack, "bayo")
    bayo.page.wait_for_url(re.compile(re.escape(address.partition("#")[0])))
    expect(bayo.page.get_by_label("Add a note for your colleagues")).to_have_value("Not saved yet.")
    bayo.page.get_by_role("button", name="Save", exact=True).click()
    expect(bayo.page.get_by_text("the review is saved.")).to_be_visible()
    saved = "sorted([n.text, n.author.username] for n in Note.objects.all())"
    assert day_stack.ask(saved) == [["Not saved yet.", "bayo"], ["Wants figures by 2030.", "amina"]]
    tagged = "sorted([h.tag.name, h.made_by.username] for h in Highlight.objects.all())"
    assert day_stack.ask(tagged) == [["Finance", "amina"], ["Gender", "bayo"]]

    # The manager codes the campaign at once, sees that it was the wrong tag, and takes it back.
    mariam = come("mariam")
    page = mariam.go("/admin/submissions/campaign/")
    page.locator("#result_list tbody tr", has_text="Fund the libraries").locator("th a").click()
    page.get_by_role("link", name="them", exact=False).first.click()
    page.wait_for_url(re.compile(r"campaign="))
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("review_selected")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_text("This changes the review of 6 submissions.")).to_be_visible()
    page.get_by_role("group", name="Add tags").get_by_label("Connectivity").check()
    page.get_by_label("Publication of their texts").select_option(label="Checked and cleared")
    page.get_by_role("button", name="Change 6 submissions").click()
    counted = "[Review.objects.filter(tags__name='Connectivity').count(), PublicationDecision.objects.count()]"
    assert day_stack.ask(counted) == [6, 6]
    page.get_by_role("link", name="Undo this").first.click()
    page.locator("#content form button").first.click()
    expect(page.get_by_text("6 submissions are as they were.")).to_be_visible()
    assert day_stack.ask(counted) == [0, 0]

    # From the matrix to the texts: as many as the cell says.
    page = mariam.go(f"{LIST}matrix/")
    cell = page.locator(".matrix tbody tr", has_text="4.").locator("td a").first
    count = int(cell.inner_text())
    assert count > 0
    cell.click()
    expect(page.locator("#result_list tbody tr")).to_have_count(count)

    # The compilation of that area, asked for from its list.
    page.get_by_role("link", name=re.compile("Export")).click()
    expect(page.locator("input[name=areas]:checked")).to_have_count(1)
    page.get_by_label(re.compile("Word")).check()
    page.get_by_label(re.compile("Without contact names")).check()
    page.get_by_role("button", name="Export").click()
    with page.expect_download(timeout=120_000) as fetched:
        page.get_by_role("link", name="Download", exact=False).first.click(timeout=120_000)
    content = fetched.value.path().read_bytes()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    headings = [one.text for one in Document(io.BytesIO(content)).paragraphs if one.style.name == "Heading 1"]
    assert headings[0].startswith("4. ")
    until(lambda: day_stack.ask("Export.objects.get().state") == "done")
