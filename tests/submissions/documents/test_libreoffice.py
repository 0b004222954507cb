"""The offline round trip with files that a real word processor wrote: LibreOffice, from Debian's packages."""

import html
import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from django.core.management import call_command
from docx.oxml import OxmlElement
from docx.text.paragraph import Paragraph

from submissions import demo
from submissions.models import DraftContribution
from submissions.text.content import ProposedWording
from tests.factories import ARABIC, CHINESE, ENGLISH
from tests.pages import fields_of
from tests.roles import as_owner
from tests.visitor import keep_offline, upload_offline
from themes.intake import database_now
from themes.models import Consultation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.slow]

HOME = "/elements-paper/"
TEXTS = {"en": {1: ENGLISH, 15: "One line."}, "ar": {5: ARABIC, 1: "سطر واحد."}, "zh-hans": {12: CHINESE, 8: "一行。"}}


@pytest.fixture
def convert(tmp_path):
    """Opens a file in LibreOffice and saves it as another kind."""
    program = shutil.which("soffice")
    assert program, "No LibreOffice on the PATH. `make test` installs it when root; else install it and try again."

    def run(raw: bytes, kind: str, to: str) -> bytes:
        source = tmp_path / f"file.{kind}"
        source.write_bytes(raw)
        suffix = to.partition(":")[0]
        folder = tmp_path / f"as-{suffix}"
        subprocess.run(
            [
                program,
                f"-env:UserInstallation=file://{tmp_path}/profile",
                *("--headless", "--convert-to", to, "--outdir", str(folder), str(source)),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return Path(folder / f"file.{suffix}").read_bytes()

    return run


def stored() -> dict[int, str]:
    return dict(DraftContribution.objects.values_list("theme__number", "text").order_by("theme__number"))


def filled(template: bytes, texts: dict[int, str], headings: dict[int, str]) -> bytes:
    """The template with `texts` typed below their headings, one paragraph for each of theirs."""
    document = docx.Document(io.BytesIO(template))
    for number, text in texts.items():
        (heading,) = [p for p in document.paragraphs if p.text == headings[number]]
        above = heading._p.getnext() if heading._p.getnext().xpath("./w:pPr/w:pStyle[@w:val='Quote']") else heading._p
        for part in reversed(text.split("\n\n")):
            new = OxmlElement("w:p")
            above.addnext(new)
            Paragraph(new, heading._parent).add_run(part)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize("language", TEXTS)
def test_the_template_filled_saved_by_libreoffice_and_uploaded(client, seeded, convert, language):
    template = client.get(f"{HOME}template-{language}.docx").content
    shown = [p.text for p in docx.Document(io.BytesIO(template)).paragraphs if p.style.name == "Heading 2"]
    headings = dict(zip(seeded.themes.values_list("number", flat=True), shown, strict=True))
    raw = convert(convert(filled(template, TEXTS[language], headings), "docx", "odt"), "odt", "docx")
    checked = upload_offline(client, raw)
    assert checked.status_code == 200
    assert "This is not under the heading" not in checked.content.decode()
    keep_offline(client, fields_of(checked))
    assert stored() == dict(sorted(TEXTS[language].items()))


@pytest.mark.parametrize("kind", ["docx:MS Word 2007 XML", "txt:Text (encoded):UTF8"])
def test_a_document_of_ones_own_in_three_languages(client, seeded, convert, kind):
    """Written from nothing, with the titles as headings: no template was ever used."""
    texts = {1: ENGLISH, 5: ARABIC, 12: CHINESE}
    body = "".join(
        f"<h2>{html.escape(seeded.themes.get(number=number).title)}</h2>"
        + "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
        for number, text in texts.items()
    )
    page = f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()
    raw = convert(convert(page, "html", "odt:writer8"), "odt", kind)
    suffix = kind.partition(":")[0]
    keep_offline(client, fields_of(upload_offline(client, raw, f"own.{suffix}")))
    # A plain text has one line a paragraph, and knows no more of what stood between them.
    expected = texts if suffix == "docx" else {n: "\n".join(t.split("\n\n")) for n, t in texts.items()}
    assert {n: t.replace("\n\n", "\n") if suffix == "txt" else t for n, t in stored().items()} == expected


def test_rows_typed_into_the_table_of_the_draft(client, seeded, convert):
    client.post(f"{HOME}themes/5/", {"text": "Mine.", "to-list": ""})
    document = docx.Document(io.BytesIO(client.get(f"{HOME}draft.docx").content))
    for cell, value in zip(document.tables[4].rows[1].cells, ("59", "New wording.", "A reason."), strict=True):
        cell.paragraphs[0].add_run(value)
    more = document.tables[4].add_row().cells
    more[0].text, more[1].text = "60", "Delete."
    file = io.BytesIO()
    document.save(file)
    raw = convert(convert(file.getvalue(), "docx", "odt"), "odt", "docx")
    keep_offline(client, fields_of(upload_offline(client, raw)))
    (row,) = DraftContribution.objects.all()
    assert row.content.text == "Mine."
    assert row.content.proposals == (
        ProposedWording("59", "New wording.", "A reason."),
        ProposedWording("60", "Delete.", ""),
    )


def test_a_password_and_an_old_format_are_refused(client, seeded, convert):
    old = convert(client.get(f"{HOME}template-en.docx").content, "docx", "doc")
    assert old[:4] == b"\xd0\xcf\x11\xe0"
    response = upload_offline(client, old, "old.doc")
    assert response.status_code == 422
    assert "old .doc file" in response.content.decode()
    odt = convert(client.get(f"{HOME}template-en.docx").content, "docx", "odt")
    response = upload_offline(client, odt, "text.odt")
    assert response.status_code == 422
    assert "no Word document" in response.content.decode()


def test_a_compilation_of_three_hundred(seeded, convert, tmp_path):
    """Texts in six languages and more: LibreOffice reads every paragraph that python-docx does, in its order, and knows
    on which page each area begins."""
    with as_owner():
        Consultation.objects.update(
            opens_at=database_now() - timedelta(days=30), closes_at=database_now() + timedelta(days=3)
        )
        demo.fill(Consultation.objects.get(), count=300, at=database_now())
    path = tmp_path / "compilation.docx"
    call_command("export", "elements-paper", "--format", "docx", "--audience", "full", "--to", str(path))
    ours = docx.Document(str(path))
    theirs = docx.Document(io.BytesIO(convert(path.read_bytes(), "docx", "docx")))

    def shown(document) -> list[str]:
        lines = (one.text.strip() for one in document.paragraphs if one.style.name.lower() != "toc 1")
        return [line for line in lines if line]

    def contents(document) -> list[list[str]]:
        return [one.text.split("\t") for one in document.paragraphs if one.style.name.lower() == "toc 1"]

    assert len(shown(ours)) > 5_000
    assert shown(theirs) == shown(ours)
    cells = [[[cell.text for cell in row.cells] for row in table.rows] for table in ours.tables]
    assert [[[cell.text for cell in row.cells] for row in table.rows] for table in theirs.tables] == cells
    assert [title for title, _page in contents(theirs)] == [title for title, _page in contents(ours)]
    pages = [int(page) for _title, page in contents(theirs)]
    assert pages == sorted(set(pages))
    assert pages[0] == 3
