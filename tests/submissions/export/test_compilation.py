"""The compilation as Word and LibreOffice read it: counts, groups, every text in its order."""

import io

import pytest
from docx import Document

from submissions.text.content import Content, ProposedWording
from tests.export_page import ask
from tests.factories import ARABIC, CHINESE, ENGLISH, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ODD = "A & B < C > D\x0bE\nsame paragraph\n\nnext one"


@pytest.fixture
def four(consultation):
    send(consultation, {3: ENGLISH, 4: "On another area."}, stakeholder_group="academia", organisation="Université")
    send(consultation, {3: ARABIC}, consent="anonymous", country="EG", language="ar")
    send(
        consultation,
        {3: Content("", (ProposedWording("60", "Sixty", "Because"),), "")},
        submitting_as="individual",
        organisation="",
        contact_name="李文静",
        stakeholder_group="academia",
        country="CN",
    )
    send(consultation, {3: Content(ODD, (), "none")}, country="FR", organisation="Sans publication")
    return consultation.themes.get(number=3)


def compiled(client, theme, audience):
    content = ask(client, format="docx", theme=theme.pk, audience=audience)
    return Document(io.BytesIO(content))


def value(document) -> list[tuple[str, str]]:
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]


def counts(document) -> list[dict[str, str]]:
    return [{row.cells[0].text: row.cells[1].text for row in table.rows} for table in document.tables]


def test_the_whole_of_it_for_the_secretariat(admin_client, four):
    document = compiled(admin_client, four, "full")
    references = list(
        four.contributions.order_by("submission__received_at").values_list("submission__reference", flat=True)
    )
    assert value(document) == [
        ("Heading 1", "3. Theme 3"),
        ("Quote", "What about 3?"),
        ("Normal", "4 contributions are shown below."),
        ("Heading 2", "By stakeholder group"),
        ("Heading 2", "By region (UN M49)"),
        ("Heading 2", "Civil society"),
        ("Heading 3", f"Réseau des bibliothèques · Egypt · {references[1]} · العربيّة"),
        *(("Normal", part) for part in ARABIC.split("\n\n")),
        ("Heading 3", f"Sans publication · France · {references[3]} · Français · Not to be published"),
        ("Normal", "A & B < C > D\ufffdE\nsame paragraph"),
        ("Normal", "next one"),
        ("Heading 2", "Academia"),
        ("Heading 3", f"Université · Kenya · {references[0]} · Français"),
        *(("Normal", part) for part in ENGLISH.split("\n\n")),
        ("Heading 3", f"李文静 · China · {references[2]} · Français"),
        ("Quote", "Paragraph: 60\nProposed wording: Sixty\nReason: Because"),
    ]
    assert counts(document) == [
        {"Civil society": "2", "Academia": "2"},
        {"Africa": "2", "Asia": "1", "Europe": "1"},
    ]
    # Arabic is set from the right, and only that.
    assert sum(bool(p._p.xpath("w:pPr/w:bidi")) for p in document.paragraphs) == 2


def test_without_names_and_for_the_public(admin_client, four):
    workspace = "\n".join(text for _style, text in value(compiled(admin_client, four, "workspace")))
    assert "李文静" not in workspace
    assert "Université" in workspace
    public = value(compiled(admin_client, four, "public"))
    text = "\n".join(part for _style, part in public)
    assert "A & B" not in text  # not to be published
    assert public[-3:] == [
        ("Heading 3", "Anonymous · العربيّة"),
        *(("Normal", part) for part in ARABIC.split("\n\n")),
    ]
    assert ("Heading 2", "Published without a name") in public
    assert "Egypt" not in text
    assert CHINESE not in text


def test_an_area_on_which_nobody_wrote(admin_client, four, consultation):
    document = compiled(admin_client, consultation.themes.get(number=9), "workspace")
    assert value(document)[2] == ("Normal", "0 contributions are shown below.")
