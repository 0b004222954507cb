"""A Monday morning: a manager makes the next round from the last one, has it translated, looks at it, and publishes it."""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in
from tests.browser.visitor import Visitor
from tests.stack import Stack, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

SET_UP = """
from django.contrib.auth.models import Group, User
from submissions.export.records import write_due_records
from submissions.models import Tag
from tests.factories import close_early, send
from themes.models import Consultation
mariam = User.objects.create_user("mariam", password={password!r}, is_staff=True)
mariam.groups.add(Group.objects.get(name="Manager"))
old = Consultation.objects.get()
Tag.objects.create(consultation=old, name="Gender")
send(old, {{1: "A text."}})
close_early(old)
write_due_records()
"""
FILLED = {"ar": "نص بالعربية", "zh-hans": "中文文本", "ru": "Текст по-русски"}
ADDRESSES = ["", "themes/1/", "about-you/", "send/", "offline/", "come-back/", "draft/", "wording/", "deadline.ics"]


@pytest.fixture(scope="module")
def closed_stack():
    """With a round that is over and has its record, and a manager."""
    with Stack.ready(CONTACT_EMAIL="secretariat@example.org") as started:
        started.run_code(SET_UP.format(password=started.password))
        yield started


def statuses(one: Visitor) -> set[int]:
    answers = [one.context.request.get(f"{one.base}/zero-draft/{path}") for path in ADDRESSES]
    return {answer.status for answer in answers}


def local(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('America/New_York')):%Y-%m-%dT%H:%M:%S}"


def set_moment(page: Page, name: str, moment: datetime) -> None:
    page.locator(f"#id_{name}").fill(local(moment))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_a_monday_morning(browser, closed_stack):
    visitor, manager = Visitor(browser, closed_stack), Visitor(browser, closed_stack)
    page = manager.go("/admin/")
    sign_in(page, closed_stack, "mariam")
    now = closed_stack.ask("database_now().isoformat()")
    at = datetime.fromisoformat(now)

    # From the last round, whose areas, translations and tags come along.
    page = manager.go("/admin/themes/consultation/")
    page.get_by_role("link", name="Consultation on the Elements Paper").click()
    page.get_by_role("link", name="Set up the next round from this one").click()
    page.get_by_label("Title:").fill("Consultation on the Zero Draft")
    # The address follows the title as long as nobody has typed one.
    page.get_by_label("Title:").blur()
    page.get_by_label("Address:", exact=True).fill("zero-draft")
    set_moment(page, "published_at", at)
    set_moment(page, "opens_at", at + timedelta(days=1))
    set_moment(page, "closes_at", at + timedelta(days=6))
    manager.shoot("monday-copy")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("The areas and their translations came along.")).to_be_visible()

    # Eight areas, the last of them first, by keyboard; and when each step of the timeline is.
    for index in range(8, 15):
        page.locator(f"#id_themes-{index}-DELETE").check()
    last = page.locator("#id_themes-7-title_en").input_value()
    up = page.locator("#themes-7").get_by_role("button", name="Move up")
    for _turn in range(7):
        up.press("Enter")
    expect(page.locator("#id_themes-7-order")).to_have_value("1")
    for field in page.locator("input[id^=id_milestones-][id$=-date_en]").all():
        if "__prefix__" not in (field.get_attribute("id") or ""):
            field.fill("July 2099")
    manager.shoot("monday-areas")
    save(page)
    rows = closed_stack.ask(
        "list(Theme.objects.filter(consultation__slug='zero-draft', number__lte=100).values_list('number', 'title_en'))"
    )
    assert [number for number, _title in rows] == list(range(1, 9))
    assert rows[0][1] == last

    # Two languages by hand, the rest by a workbook.
    pk = closed_stack.ask("Consultation.objects.get(slug='zero-draft').pk")
    texts = f"/admin/themes/consultation/{pk}/texts"
    for language in ("fr", "es"):
        page = manager.go(f"{texts}/{language}/?missing")
        # A document need not have an address in each language.
        for field in page.locator(".side-by-side-texts textarea:not([name=document_url])").all():
            field.fill(f"Texte en {language}")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text(re.compile("texts? saved"))).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Workbook for translators").click()
    book = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))
    sheet = book.worksheets[0]
    languages = [str(cell.value) for cell in sheet[2]]
    for row in sheet.iter_rows(min_row=3):
        for heading, cell in zip(languages, row, strict=True):
            if heading in FILLED and not cell.value and not str(row[0].value).endswith("document_url"):
                cell.value = FILLED[heading]
    filled = io.BytesIO()
    book.save(filled)
    page.get_by_role("link", name="Give it back, filled in").click()
    page.locator("#id_workbook").set_input_files(
        {"name": "texts.xlsx", "mimeType": "application/octet-stream", "buffer": filled.getvalue()}
    )
    page.get_by_role("button", name="Show what would change").click()
    manager.shoot("monday-workbook")
    page.get_by_role("button", name="Save these texts").click()
    expect(page.get_by_text(re.compile("texts? saved"))).to_be_visible()
    assert statuses(visitor) == {404}

    # On a phone, in Arabic.
    page.set_viewport_size({"width": 360, "height": 740})
    page.context.set_extra_http_headers({"Accept-Language": "ar"})
    page = manager.go("/zero-draft/?as=open")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator(".preview")).to_be_visible()
    assert manager.overflow() <= 0
    manager.shoot("monday-preview-ar")
    page.context.set_extra_http_headers({})
    page.set_viewport_size({"width": 1280, "height": 900})

    # Published, announced, and open on time.
    page = manager.go(f"/admin/themes/consultation/{pk}/publish/")
    manager.shoot("monday-publish")
    page.get_by_role("button", name="Publish: everybody can see it").click()
    expect(page.get_by_text("It is public now.")).to_be_visible()
    assert statuses(visitor) == {200}
    assert visitor.go("/zero-draft/").get_by_role("link", name="Start writing").count() == 0
    opens_at = datetime.fromisoformat(closed_stack.ask("database_now().isoformat()")) + timedelta(seconds=20)
    set_moment(page, "opens_at", opens_at)
    save(page)

    def is_open() -> bool:
        return visitor.go("/zero-draft/").get_by_role("link", name="Start writing").count() == 1

    until(is_open, "it does not open")
    assert datetime.fromisoformat(closed_stack.ask("database_now().isoformat()")) >= opens_at.replace(microsecond=0)
    expect(visitor.go("/").get_by_text("Consultation on the Zero Draft").first).to_be_visible()

    # The old round is there as it was, and so is its record.
    expect(visitor.go("/elements-paper/").get_by_text("Closed", exact=True)).to_be_visible()
    assert "SHA256SUMS: right." in closed_stack.manage("verify_record", "elements-paper")
    tags = "list(__import__('submissions.models', fromlist=['x']).Tag.objects.filter(consultation__slug='zero-draft')"
    assert closed_stack.ask(f"{tags}.values_list('name', flat=True))") == ["Gender"]
    for one in (visitor, manager):
        one.context.close()
        assert one.complaints == []
