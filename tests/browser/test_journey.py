"""The main job, end to end, from the started stack: written, sent, mailed, reviewed, closed, exported, compared."""

import csv
import email
import email.policy
import hashlib
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from submissions.text.spreadsheet import restore
from tests.browser.steps import say_who, sign_in
from tests.factories import ARABIC, CHINESE, ENGLISH
from tests.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

TEXTS = {1: ENGLISH, 5: ARABIC, 12: CHINESE}


def plain(message) -> str:
    return message.get_body(preferencelist=("plain",)).get_content()


@pytest.mark.usefixtures("reopened")
def test_the_whole_way(visitor, stack):
    stakeholder = visitor(timezone_id="Africa/Nairobi")
    page = stakeholder.go("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Tell the co-facilitators what the Elements Paper should become"
    )
    expect(page.get_by_text("(Nairobi)")).to_be_visible()
    stakeholder.shoot("home")
    for number, text in TEXTS.items():
        page = stakeholder.go(f"/elements-paper/themes/{number}/")
        page.get_by_label("Your input").fill(text)
        page.get_by_role("button", name="Save and see all areas").click()
    expect(page.get_by_text("Draft · 15 words")).to_be_visible()
    page.get_by_role("link", name="Check and send").first.click()
    page.get_by_role("link", name="Complete “About you”", exact=True).click()
    say_who(page, email="amina@example.org")
    stakeholder.shoot("send")
    page.get_by_role("button", name="Send the submission").click()
    expect(page).to_have_url(f"{stack.url}/elements-paper/receipt/")
    reference = page.locator(".reference").inner_text()
    expect(page.locator(".text")).to_have_count(3)  # the whole page is there, not only its address
    shown = page.locator(".text").all_inner_texts()
    assert shown == list(TEXTS.values())
    stakeholder.shoot("receipt")

    # A second stakeholder is ready, and slow.
    late = visitor()
    page = late.go("/elements-paper/themes/3/")
    page.get_by_label("Your input").fill("We were almost in time.")
    page.get_by_role("button", name="Save and see all areas").click()
    late.go("/elements-paper/about-you/")
    say_who(page, email="late@example.org")
    expect(page.get_by_role("button", name="Send the submission")).to_be_visible()

    # The first mail says that it was received. Its link confirms the address, and the receipt follows: on disk, with
    # every character.
    (raw,) = until(lambda: stack.mails_to("amina@example.org"), "no mail")
    notice = email.message_from_bytes(raw, policy=email.policy.default)
    assert not any(text in plain(notice) for text in TEXTS.values())
    (address,) = re.findall(r"/elements-paper/confirm/\S+", plain(notice))
    elsewhere = visitor()
    elsewhere.go(address).get_by_role("button", name="Yes, this address is mine").click()
    expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("Your address is confirmed")
    until(lambda: len(stack.mails_to("amina@example.org")) == 2, "no receipt")
    (raw,) = stack.mails_to("amina@example.org", saying=b"come-back/")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    subject = f"We received your submission to Consultation on the Elements Paper ({reference})"
    assert (mail["To"], mail["Subject"]) == ("amina@example.org", subject)
    body = plain(mail)
    assert all(text in body for text in TEXTS.values())

    # The secretariat signs in, finds it, reads it.
    workspace = visitor()
    page = workspace.go("/admin/")
    sign_in(page, stack)
    page.get_by_role("link", name="Submissions", exact=True).last.click()
    workspace.shoot("admin-list")
    page.get_by_label("Search", exact=True).or_(page.locator("#searchbar")).first.fill("استثماراً")
    page.locator("#changelist-search input[type=submit]").click()
    page.get_by_role("link", name=reference).click()
    expect(page.locator(".as-written")).to_have_count(3)
    assert page.locator(".as-written").all_inner_texts() == list(TEXTS.values())
    workspace.shoot("admin-detail")

    # The cutoff is moved to a moment from now, in the consultation's zone, with a reason.
    stack.run_code(COLLEAGUE)
    colleague = visitor()
    colleague.go("/admin/")
    sign_in(colleague.page, stack, name="colleague")
    workspace.go("/admin/themes/consultation/")
    page.get_by_role("link", name="Move the deadline").click()
    cutoff = (datetime.now(UTC) + timedelta(seconds=20)).replace(microsecond=0)
    local = cutoff.astimezone(ZoneInfo("America/New_York"))
    page.get_by_label("New deadline").fill(local.strftime("%Y-%m-%dT%H:%M:%S"))
    page.get_by_label("Reason, for the public").fill("A test of the closing.")
    page.get_by_role("button", name="Check").click()
    workspace.shoot("admin-cutoff")
    page.get_by_role("button", name="Ask for it").click()
    # An earlier one than the present takes a second person, who is signed in already.
    colleague.go(urlsplit(page.url).path)
    colleague.page.get_by_role("button", name="Confirm, and do it now").click()
    expect(colleague.page.get_by_text("The public page says so.")).to_be_visible()
    until(lambda: datetime.now(UTC) > cutoff + timedelta(seconds=1))

    # Too late: refused, with the text kept.
    page = late.page
    with page.expect_response(lambda response: response.request.method == "POST") as refused:
        page.get_by_role("button", name="Send the submission").click()
    assert refused.value.status == 409
    expect(page.get_by_role("heading", name="This came after the deadline")).to_be_visible()
    assert page.locator(".text").all_inner_texts() == ["We were almost in time."]
    late.shoot("refused")
    folded = page.locator("details:not([open])").filter(has_text="Changes to the deadline")
    if folded.count():  # once there are several
        folded.locator("summary").click()
    expect(page.get_by_text("A test of the closing.")).to_be_visible()

    # The sweep closes and the record is written; the workspace downloads it.
    page = workspace.page

    # Tests before this one may have closed and re-opened it: their records are superseded.
    download = page.locator("tr", has_text="Written").get_by_role("link", name="Download the record")

    def record_is_there() -> bool:
        workspace.go("/admin/submissions/record/")
        return download.count() == 1

    until(record_is_there, "no record")
    workspace.shoot("admin-record")
    with page.expect_download() as started:
        download.click()
    content = started.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("contributions-spreadsheet.csv").decode("utf-8-sig")
    # Others may have sent to this install, in tests before this one.
    rows = [row for row in csv.DictReader(io.StringIO(text, newline="")) if row["reference"] == reference]
    assert [(int(row["theme_number"]), restore(row["text"])) for row in rows] == list(TEXTS.items())
    assert rows[0]["text"] == "'" + ENGLISH
    page.get_by_role("link", name="Consultation on the Elements Paper").first.click()
    expect(page.get_by_text(hashlib.sha256(content).hexdigest())).to_be_visible()

    # The stakeholder still has the receipt.
    page = stakeholder.go("/elements-paper/receipt/")
    expect(page.locator(".reference")).to_have_text(reference)


# With the administrator's own password, which the stack knows.
COLLEAGUE = """
from django.contrib.auth.models import User
admin = User.objects.get(username="admin")
User.objects.create(username="colleague", password=admin.password, is_staff=True, is_superuser=True)
"""
