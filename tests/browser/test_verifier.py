"""The page that checks in a browser: saved as a file, without a network, with the reasons of verify.py."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from publication.register.log import append_and_sign
from publication.register.notes import signer
from publication.verifier import page as verifier
from publication.verifier import verify
from submissions.text.content import Content, ProposedWording
from tests.factories import ENGLISH, send
from tests.publication.auditing import later_than_an_hour
from tests.publication.publishing import publish
from tests.publication.tampering import ARCHIVE_CHANGES, RECEIPT_CHANGES, change, change_archive, sums_again
from tests.visitor import HOME, answer_about_you, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
REGISTER = f"{HOME}register/"


@pytest.fixture(autouse=True)
def key(settings):
    settings.REGISTER_KEY = "a secret of the register, for tests"


@pytest.fixture
def downloads(consultation, tmp_path) -> Path:
    """What a stakeholder has: the receipt's proof, where it stands, an early checkpoint, and the page itself."""
    client = Client()
    for n in range(9):
        send(consultation, {1: f"Text {n}."})
    append_and_sign()
    (tmp_path / "mail.txt").write_bytes(client.get(f"{REGISTER}checkpoint").content)
    write(client, 1, "On areas one and two.")
    write(client, 2, "Both of them.")
    answer_about_you(client)
    assert client.post(f"{HOME}send/").status_code == 303
    later_than_an_hour()
    append_and_sign()
    for name, url in {
        "proof.json": f"{HOME}receipt.proof.json",
        "inclusion.json": f"{HOME}receipt/inclusion.json",
        "consistency.json": f"{REGISTER}consistency/9.json",
        "verify.html": f"{REGISTER}verify/",
    }.items():
        answer = client.get(url)
        assert answer.status_code == 200, url
        (tmp_path / name).write_bytes(answer.content)
    return tmp_path


@pytest.fixture
def offline(browser) -> Iterator[Page]:
    """A page without a network, which reports what it asked for and what it complained of."""
    context = browser.new_context(offline=True, viewport={"width": 360, "height": 740})
    page, asked, complaints = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
    assert complaints == []


def verdict(page: Page, folder: Path, *names: str, pasted: str = "") -> tuple[str, str]:
    page.locator("#files").set_input_files([str(folder / name) for name in names])
    page.locator("#checkpoint").fill(pasted)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#check")).to_be_enabled()
    expect(page.locator("#verdict")).to_have_text(re.compile("Right|Wrong"))
    return page.locator("#verdict").inner_text(), page.locator("#reason").inner_text()


def python_says(folder: Path) -> str:
    known = signer()
    assert known is not None
    proof, inclusion = (json.loads((folder / name).read_text()) for name in ("proof.json", "inclusion.json"))
    try:
        verify.check_inclusion(proof, inclusion, [verify.read_key(known.verifier)])
    except verify.Wrong as wrong:
        return str(wrong)
    except (LookupError, TypeError, ValueError, AttributeError):
        return "A file is not what it should be."
    return "Right"


def test_a_receipt_is_checked_and_each_change_refused_for_the_reason_that_python_gives(downloads, offline):
    offline.goto(f"file://{downloads}/verify.html")
    pair = ("proof.json", "inclusion.json")
    word, reason = verdict(offline, downloads, *pair)
    assert word == "Right"
    assert re.fullmatch(
        r"What the proof holds \(3 of 3 parts with their words\) is entry 9 of 10 in \S+/elements-paper/register\.",
        reason,
    )
    assert offline.evaluate("document.documentElement.scrollWidth") <= 360
    seen = set()
    for name, path, to, expected in RECEIPT_CHANGES:
        whole = (downloads / name).read_text()
        change(downloads, name, *path, to=to)
        word, reason = verdict(offline, downloads, *pair)
        assert (word, reason) == ("Wrong", python_says(downloads))
        assert expected in reason
        seen.add(reason)
        (downloads / name).write_text(whole)
    assert len(seen) > 10
    assert verdict(offline, downloads, *pair)[0] == "Right"
    # Another key, a mistyped one, none; and too little to check.
    whole = offline.locator("#keys").input_value()
    for keys, expected in {
        whole.replace("A", "B"): "This is no public key of a register, or a mistyped one.",
        "": "The public key is missing.",
    }.items():
        offline.locator("#keys").fill(keys)
        assert verdict(offline, downloads, *pair) == ("Wrong", expected)
    offline.locator("#keys").fill(whole)
    # What is given and would not be looked at is refused: nobody believes that it was.
    assert verdict(offline, downloads, "proof.json")[1].startswith("Choose the proof of your receipt")
    assert verdict(offline, downloads, *pair, "mail.txt")[1].startswith("Choose the proof of your receipt")
    (downloads / "second.json").write_text((downloads / "proof.json").read_text())
    assert verdict(offline, downloads, "second.json", *pair)[1].startswith("Two of one kind were given")
    both = verdict(offline, downloads, *pair, "mail.txt", "consistency.json")
    assert both[0] == "Right"
    assert "parts with their words) is entry 9" in both[1]
    assert "still begins with the 9 entries" in both[1]


def test_a_mail_is_compared_with_the_register_of_today(downloads, offline):
    offline.goto(f"file://{downloads}/verify.html")
    mail = (downloads / "mail.txt").read_text()
    quoted = "Hello,\n\n— Jean wrote:\n\nthis is its last checkpoint:\n\n" + re.sub("(?m)^", "> ", mail)
    # As a mail program wraps long lines: the signature is one.
    wrapped = re.sub(r"(— \S+ )(.{30})", r"\1\n\2\n", mail)
    assert wrapped.count("\n") == mail.count("\n") + 2
    for pasted in (mail, quoted, wrapped):
        word, reason = verdict(offline, downloads, "consistency.json", pasted=pasted)
        assert (word, reason.partition("/register ")[2]) == (
            "Right",
            "still begins with the 9 entries that it had; it has 10 now.",
        )
    assert verdict(offline, downloads, "mail.txt", "consistency.json")[0] == "Right"
    assert verdict(offline, downloads, "consistency.json", pasted=mail.replace("\n9\n", "\n8\n")) == (
        "Wrong",
        "The checkpoint is not signed with this key, or was changed.",
    )
    for step in range(len(json.loads((downloads / "consistency.json").read_text())["consistency"])):
        whole = (downloads / "consistency.json").read_text()
        change(downloads, "consistency.json", "consistency", step)
        word, reason = verdict(offline, downloads, "consistency.json", pasted=mail)
        assert (word, reason[:42]) == ("Wrong", "The proof of consistency does not lead to ")
        (downloads / "consistency.json").write_text(whole)


def test_an_archive_is_checked_by_the_page_that_it_brings(consultation, tmp_path, offline):
    wording = Content("The village.", (ProposedWording("9", "A link for each village", ""),))
    send(consultation, {1: wording, 2: ENGLISH}, organisation="Atoll Union", country="TV")
    append_and_sign()
    publish(consultation)
    answer = Client().get(f"{HOME}contributions/archive.zip")
    (tmp_path / "archive.zip").write_bytes(b"".join(answer.streaming_content))
    answer.close()
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
        archive.extractall(folder)
    offline.goto(f"file://{folder}/verify.html")
    whole = "12 files are as their sums say; 2 of 2 texts in contributions.jsonl stand in the register, word for word."
    hint = "The key is the archive's own: compare it with the one on the register's page."
    assert verdict(offline, tmp_path, "archive.zip") == ("Right", f"{whole} {hint}")
    known = signer()
    assert known is not None
    offline.locator("#keys").fill(known.verifier)
    assert verdict(offline, tmp_path, "archive.zip") == ("Right", whole)
    for what in ARCHIVE_CHANGES:
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        reason = change_archive(copy, what)
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as changed:
            for path in sorted(path for path in copy.rglob("*") if path.is_file()):
                changed.write(path, path.relative_to(copy))
        (tmp_path / "changed.zip").write_bytes(again.getvalue())
        word, sentence = verdict(offline, tmp_path, "changed.zip")
        assert (word, reason in sentence) == ("Wrong", True), (what, sentence)
        shutil.rmtree(copy)
    honest = (tmp_path / "archive.zip").read_bytes()
    # Cut, with another archive behind or before it (of two directories programs read different ones), a name twice.
    folded = io.BytesIO(honest)
    with zipfile.ZipFile(folded, "a") as doubled:
        doubled.writestr("Contributions.jsonl", "{}\n")
    twice = io.BytesIO(honest)
    with zipfile.ZipFile(twice, "a") as doubled, pytest.warns(UserWarning, match="Duplicate name"):
        doubled.writestr("contributions.jsonl", "{}\n")
    for spoiled in (
        folded.getvalue(),
        honest[:-300],
        honest + again.getvalue(),
        again.getvalue() + honest,
        twice.getvalue(),
        honest + b"x",
    ):
        (tmp_path / "spoiled.zip").write_bytes(spoiled)
        assert verdict(offline, tmp_path, "spoiled.zip") == ("Wrong", "A file is not what it should be.")
    # Without any proof nothing is called proven.
    shutil.copytree(folder, tmp_path / "bare")
    (tmp_path / "bare" / "proofs.jsonl").write_text("")
    sums_again(tmp_path / "bare")
    with zipfile.ZipFile(tmp_path / "bare.zip", "w") as bare:
        for path in sorted(path for path in (tmp_path / "bare").rglob("*") if path.is_file()):
            bare.write(path, path.relative_to(tmp_path / "bare"))
    assert "No text is proven: the archive holds no proof of any." in verdict(offline, tmp_path, "bare.zip")[1]


def test_on_the_site_it_runs_under_its_own_policy_and_nothing_else_does(visitor, stack):
    one = visitor()
    page = one.go("/elements-paper/register/verify/")
    answer = page.request.get(f"{one.base}/elements-paper/register/verify/")
    assert answer.headers["content-security-policy"] == verifier.POLICY
    expect(page.get_by_role("button", name="Check")).to_be_visible()
    page.evaluate(
        """() => { const one = document.createElement("script"); one.textContent = "window.ran = 1"; document.body.append(one) }"""
    )
    refused = page.evaluate("fetch('/').then(() => 'fetched', () => 'refused')")
    assert (page.evaluate("window.ran"), refused) == (None, "refused")
    assert all("Content Security Policy" in text for text in one.complaints)
    one.complaints.clear()
    with page.expect_download() as begun:
        page.get_by_role("link", name="Save this page").click()
    assert Path(begun.value.path()).read_text().startswith("<!doctype html>")
    assert begun.value.suggested_filename == "verify.html"
