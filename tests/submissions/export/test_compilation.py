"""The compilation, in both kinds of file: title page, counts, groups, every text in its order, all proposed wording."""

import io
import os
import re
import tracemalloc
from pathlib import Path

import pytest
from docx import Document
from lxml import html

from bench.filling import fill
from submissions.export import jobs
from submissions.export.compilation import Compilation, write_compilation
from submissions.export.pg_copy import snapshot
from submissions.export.sink import quiet
from submissions.models import Audience, Contribution, Export, Format, Highlight, Layout, Review, Submission, Tag
from submissions.review.flags.near_duplicates import compare_new
from submissions.review.redaction import BAR, redact
from submissions.text.content import Content, ProposedWording
from tests.export_page import ADD, ask, post
from tests.factories import ARABIC, CHINESE, ENGLISH, send
from tests.roles import as_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ODD = "A & B < C > D\x0bE\nsame paragraph\n\nnext one\n• a point\n2. another\n[1] The note.\nafter it"
WORDING = (ProposedWording("60", "Sixty & <one>", "Because"), ProposedWording("9 bis", "Nine\n\nmore", ""))


@pytest.fixture
def four(consultation):
    send(consultation, {3: ENGLISH, 4: "On another area."}, stakeholder_group="academia", organisation="Université")
    send(consultation, {3: ARABIC}, consent="anonymous", country="EG", language="ar")
    send(
        consultation,
        {3: Content("", WORDING, "")},
        submitting_as="individual",
        organisation="",
        contact_name="李文静",
        stakeholder_group="academia",
        country="CN",
    )
    send(consultation, {3: Content(ODD, (), "none")}, country="FR", organisation="Sans publication")
    return consultation.themes.get(number=3)


def word_file(client, **choices):
    return Document(io.BytesIO(ask(client, format="docx", **choices)))


def paragraphs(document) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in document.paragraphs if one.style.name != "Table End"]


def chapter(document, title: str) -> list[tuple[str, str]]:
    """What stands under a heading, in paragraphs."""
    shown = paragraphs(document)
    start = shown.index(("Heading 1", title)) + 1
    rest = [n for n, (style, _text) in enumerate(shown) if style == "Heading 1" and n >= start]
    return shown[start : rest[0] if rest else None]


def cells(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_whole_of_it_for_the_secretariat(admin_client, four):
    document = word_file(admin_client, areas=[four.pk], audience="full")
    references = list(
        four.contributions.order_by("submission__received_at").values_list("submission__reference", flat=True)
    )
    assert chapter(document, "3. Theme 3") == [
        ("Question", "What about 3?"),
        ("Body Text", "4 contributions on this area. 2 rows of proposed wording stand in the table at the end."),
        ("Heading 2", "Civil society"),
        ("Heading 3", f"Réseau des bibliothèques · Egypt · {references[1]} · العربيّة"),
        *(("Body Text", part) for part in ARABIC.split("\n\n")),
        ("Heading 3", f"Sans publication · France · {references[3]} · Français · Not to be published"),
        ("Body Text", "A & B < C > D\ufffdE\nsame paragraph"),
        ("Body Text", "next one"),
        ("List Point", "• a point"),
        ("List Point", "2. another"),
        ("Footnote Text", "[1] The note."),
        ("Body Text", "after it"),
        ("Heading 2", "Academia"),
        ("Heading 3", f"Université · Kenya · {references[0]} · Français"),
        *(("Body Text", part) for part in ENGLISH.split("\n\n")),
    ]
    facts, counts, by_place, wording = document.tables
    assert cells(facts)[0] == ["Document", four.consultation.document_title]
    assert cells(facts)[-2:] == [["Areas", "3"], ["Submissions", "4"]]
    assert cells(counts) == [
        ["Area", "Contributions", "Rows of proposed wording"],
        ["3. Theme 3", "4", "2"],
        ["In all", "4", "2"],
    ]
    assert cells(by_place) == [
        ["Stakeholder group", "Africa", "Asia", "Europe", "In all"],
        ["Civil society", "1", "0", "1", "2"],
        ["Academia", "1", "1", "0", "2"],
        ["In all", "2", "1", "1", "4"],
    ]
    header = ["Paragraph", "Area", "Stakeholder", "Stakeholder group", "Proposed wording", "Reason"]
    sender = f"李文静 · China · {references[2]}"
    assert cells(wording) == [
        [*header, "Secretariat’s note"],
        ["9 bis", "3", sender, "Academia", "Nine\nmore", "", ""],
        ["60", "3", sender, "Academia", "Sixty & <one>", "Because", ""],
    ]
    # Arabic is set from the right, and only that.
    assert sum(bool(one._p.xpath("w:pPr/w:bidi")) for one in document.paragraphs) == 2


def test_a_word_file_finds_its_way_about(admin_client, four, consultation):
    document = word_file(admin_client)
    titles = [str(theme) for theme in consultation.themes.all()]
    last = "Proposed wording, in the document’s order"
    assert [text for style, text in paragraphs(document) if style == "Heading 1"] == [*titles, last]
    contents = [text.removesuffix("\t–") for style, text in paragraphs(document) if style == "toc 1"]
    assert contents == [*titles, last]
    links = document.element.xpath("//w:hyperlink/@w:anchor")
    assert links == document.element.xpath("//w:bookmarkStart/@w:name")
    first, *others = document.sections
    assert first.different_first_page_header_footer
    assert [one.header.paragraphs[0].text for one in others] == [
        f"{consultation.title} · {title}" for title in [*titles, last]
    ]
    assert [one.page_width > one.page_height for one in others] == [*(False for _one in titles), True]
    fields = first.footer._element.xpath(".//w:instrText/text()")
    assert [one.strip() for one in fields] == ["PAGE", "NUMPAGES"]
    # Whoever wants another look changes styles: nothing is set by hand beside them.
    assert document.element.xpath("//w:body//w:rPr/*[not(self::w:rtl)]") == []
    assert set(document.element.xpath("//w:body//w:p/w:pPr/w:pStyle/@w:val")) <= {
        style.style_id for style in document.styles
    }


def test_without_names_and_for_the_public(admin_client, four):
    workspace = word_file(admin_client, areas=[four.pk])
    text = "\n".join(part for _style, part in paragraphs(workspace)) + str(cells(workspace.tables[-1]))
    assert "李文静" not in text
    assert "Université" in text
    document = word_file(admin_client, areas=[four.pk], audience="public")
    public = paragraphs(document)
    text = "\n".join(part for _style, part in public)
    assert "A & B" not in text  # not to be published
    start = public.index(("Heading 2", "Published without a name"))
    assert public[start + 1 : start + 2 + ARABIC.count("\n\n") + 1] == [
        ("Heading 3", "Anonymous · العربيّة"),
        *(("Body Text", part) for part in ARABIC.split("\n\n")),
    ]
    assert "Egypt" not in text
    assert CHINESE not in text
    assert ["In all"] not in cells(document.tables[0])
    assert "Submissions" not in str(cells(document.tables[0]))


def test_an_area_on_which_nobody_wrote(admin_client, four, consultation):
    document = word_file(admin_client, areas=[consultation.themes.get(number=9).pk])
    assert chapter(document, "9. Theme 9") == [
        ("Question", "What about 9?"),
        ("Body Text", "0 contributions on this area."),
    ]


LETTER = " ".join(f"The review should fund library number {n} where people live and learn." for n in range(30))


def test_near_identical_texts_stand_there_once(admin_client, consultation):
    """With who sent them, and which of these changed some words."""
    for n in range(3):
        send(consultation, {3: LETTER}, organisation=f"Member {n}")
    send(consultation, {3: LETTER.replace("number 7", "number seven")}, organisation="Changed")
    send(consultation, {3: "Of my own."}, organisation="Own")
    compare_new()
    document = word_file(admin_client, areas=[consultation.themes.get(number=3).pk])
    shown = chapter(document, "3. Theme 3")
    at = shown.index(("Heading 2", "Near-identical texts"))
    heading, text, remark, *senders = shown[at + 1 :]
    assert heading == ("Heading 3", "4 submissions, nearly the same text")
    assert text == ("Body Text", LETTER)
    assert remark == ("Remark", "3 of the 4 sent it to the letter. It came from:")
    assert [re.sub(r" · Kenya · .*?Français", "", one) for _style, one in senders] == [
        "• Member 0 · Civil society",
        "• Member 1 · Civil society",
        "• Member 2 · Civil society",
        "• Changed · Civil society · with changes",
    ]
    assert ("Body Text", "Of my own.") in shown[:at]
    assert ("Body Text", "5 contributions on this area.") in shown


def test_what_is_under_a_bar_stands_in_no_other_text(admin_client, admin_user, consultation):
    """Of the same letter one is barred: it stands alone, with its bar, and under nobody else's name."""
    first, second, third = (
        send(consultation, {3: LETTER}, organisation=name).submission for name in ("Alpha", "Beta", "Gamma")
    )
    compare_new()
    theme = consultation.themes.get(number=3)
    redact(second.reference, theme, "library number 7", reason="Private.", by=admin_user)
    shown = chapter(word_file(admin_client, areas=[theme.pk], audience="public"), "3. Theme 3")
    at = shown.index(("Heading 2", "Near-identical texts"))
    (alone,) = (n for n, (style, text) in enumerate(shown) if style == "Heading 3" and "Beta" in text)
    assert alone < at
    assert "library number 7 " not in shown[alone + 1][1]
    assert BAR in shown[alone + 1][1]
    together = "\n".join(text for _style, text in shown[at:])
    assert "2 submissions, nearly the same text" in together
    assert "library number 7 " in together
    assert second.reference not in together
    assert all(one.reference in together for one in (first, third))
    # Colleagues read all three as one.
    inside = chapter(word_file(admin_client, areas=[theme.pk]), "3. Theme 3")
    assert ("Heading 3", "3 submissions, nearly the same text") in inside


def test_how_it_was_chosen_is_told_to_those_who_may_see_contacts(admin_client, four):
    """A filter may be an address, or tell where an unnamed author is from."""
    sentence = "It holds a selection of what was sent, and not all of it."
    for audience, is_told in (("full", True), ("workspace", False), ("public", False)):
        document = Document(
            io.BytesIO(ask(admin_client, f"{ADD}?filters=country%3DEG", format="docx", audience=audience))
        )
        facts = str(cells(document.tables[0]))
        assert ("Egypt" in facts) is is_told
        assert (("Remark", sentence) in paragraphs(document)) is not is_told
    assert ("Remark", sentence) not in paragraphs(word_file(admin_client))


def test_an_area_that_is_gone_is_no_export_of_all(admin_client, four, consultation):
    theme = consultation.themes.get(number=9)
    assert post(admin_client, format="docx", areas=[theme.pk]).status_code == 302
    theme.delete()
    export = Export.objects.latest("pk")
    assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.failure) == ("failed", "filters")


def test_passages_by_code_instead_of_whole_texts(admin_client, admin_user, four, consultation):
    tag = Tag.objects.create(consultation=consultation, name="Access", description="Who can get there.")
    sent = Contribution.objects.get(theme=four, submission__organisation="Université").submission
    for passage in (ENGLISH[:12], "gone since"):
        Highlight.objects.create(reference=sent.reference, theme=four, passage=passage, tag=tag, made_by=admin_user)
    document = word_file(admin_client, layout="passages", areas=[four.pk])
    about = f"Université · Academia · Kenya · {sent.reference}"
    assert chapter(document, "3. Theme 3")[2:] == [
        ("Heading 2", "Access"),
        ("Remark", "Who can get there."),
        ("Quote", ENGLISH[:12]),
        ("Remark", about),
        ("Quote", "gone since"),
        ("Remark", f"{about} · not in what was sent last"),
    ]
    assert len(cells(document.tables[-1])) == 3
    assert (
        "tagged passages are not for the public"
        in post(admin_client, layout="passages", format="docx", audience="public").content.decode()
    )


def test_the_proposed_wording_alone(admin_client, four, consultation):
    document = word_file(admin_client, layout="proposals")
    assert [text for style, text in paragraphs(document) if style == "Heading 1"] == [
        "Proposed wording, in the document’s order"
    ]
    assert [row[0] for row in cells(document.tables[-1])] == ["Paragraph", "9 bis", "60"]


def test_what_was_set_aside_is_left_out_everywhere(admin_client, admin_user, four, consultation):
    for one in four.contributions.all():
        Review.objects.create(
            consultation=consultation, reference=one.submission.reference, state="set-aside", reason="No."
        )
    document = word_file(admin_client, areas=[four.pk])
    assert chapter(document, "3. Theme 3")[1] == ("Body Text", "0 contributions on this area.")
    marked = word_file(admin_client, areas=[four.pk], with_set_aside="on")
    assert sum("Set aside" in text for _style, text in paragraphs(marked)) == 3
    assert sum("Set aside" in row[2] for row in cells(marked.tables[-1])) == 2


def test_the_web_page_says_the_same(admin_client, four, consultation):
    """Text for text, in the same order as the Word file; and it asks nobody for anything."""
    areas = [four.pk, consultation.themes.get(number=4).pk]
    word = word_file(admin_client, areas=areas)
    page = html.fromstring(ask(admin_client, format="html", areas=areas).decode())
    for line in page.iter("br"):
        line.tail = "\n" + (line.tail or "").lstrip("\n")
    shown = [
        (one.get("class") or one.tag, one.text_content())
        for one in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::p or self::blockquote]")
    ]
    kinds = {"Heading 1": "h1", "Heading 2": "h2", "Heading 3": "h3"}
    in_word = paragraphs(word)
    in_word = in_word[[style for style, _text in in_word].index("Heading 1") :]
    assert shown == [(kinds.get(style, style.lower().replace(" ", "-")), text) for style, text in in_word]
    tables = [
        [[re.sub(r"\n+", "\n", cell.text_content()) for cell in row] for row in table.iter("tr")]
        for table in page.iter("table")
    ]
    assert tables == [cells(table) for table in word.tables[1:]]
    assert page.xpath("//nav//a/@href") == [f"#{one}" for one in page.xpath("//section/@id")]
    assert page.xpath("//@src | //link | //script") == []
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_several_areas_are_chosen_on_the_form(admin_client, four, consultation):
    page = html.fromstring(admin_client.get(f"{ADD}?areas={four.pk}").content.decode())
    boxes = page.xpath("//input[@name='areas']")
    assert len(boxes) == consultation.themes.count()
    assert [box.get("value") for box in boxes if box.get("checked") is not None] == [str(four.pk)]
    chosen = [consultation.themes.get(number=number).pk for number in (4, 3)]
    document = word_file(admin_client, areas=chosen)
    assert [text for style, text in paragraphs(document) if style == "Heading 1"][:2] == ["3. Theme 3", "4. Theme 4"]
    assert ["Areas", "3 and 4"] in cells(document.tables[0])


@pytest.mark.parametrize("kind", [Format.DOCX, Format.HTML])
def test_memory_does_not_grow_with_the_texts(consultation, kind):
    """Ten times as many, and no more memory: none of them is kept."""

    def peak() -> tuple[int, int]:
        compilation = Compilation(consultation, (), Layout.CONTRIBUTIONS, Audience.WORKSPACE)
        with snapshot() as connection, Path(os.devnull).open("wb") as nowhere:
            tracemalloc.start()
            try:
                everything = Submission.objects.standing()
                written = write_compilation(compilation, everything, nowhere, connection, format=kind, progress=quiet)
                return tracemalloc.get_traced_memory()[1], written.rows
            finally:
                tracemalloc.stop()

    # More on each area than are fetched at a time.
    with as_owner():
        fill(150, themes=3, characters=2_000, final=False)
    peak()  # what is imported and kept the first time
    few, rows = peak()
    with as_owner():
        fill(1350, themes=3, characters=2_000, final=False)
    many, more_rows = peak()
    assert more_rows == 10 * rows == 4_500
    assert many < 1.3 * few
