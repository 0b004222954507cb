"""The offline round trip through the pages: nothing is kept before it was seen, and then what was chosen."""

import html

import pytest

from submissions.documents.blocks import Omission
from submissions.drafts import saving
from submissions.drafts.contents import contents_of
from submissions.models import Draft, DraftContribution
from submissions.public import offline_check
from submissions.text.content import Content
from tests.docx_files import document_with, p, run
from tests.factories import ARABIC, move_cutoff_behind_now
from tests.hostile_files import HOSTILE
from tests.pages import fields_of, squeezed
from tests.visitor import keep_offline, link_on, upload_offline, write
from wsis import uploads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

HOME = "/elements-paper/"
PASTED = (
    f"Hello,\n\n### 1. Theme 1\nFirst.\n\n### 5. Theme 5\n{ARABIC}\n\nParagraph: 59\nProposed wording: New\nReason: Why"
)


def paste(client, text: str = PASTED):
    return client.post(f"{HOME}offline/", {"pasted": text})


def stored() -> dict[int, str]:
    return dict(DraftContribution.objects.values_list("theme__number", "text"))


def test_shown_first_and_kept_then(client, consultation):
    checked = paste(client)
    page = checked.content.decode()
    assert checked.status_code == 200
    assert "What was read from your file" in page
    assert "Hello," in page
    assert (Draft.objects.count(), stored()) == (0, {})
    response = keep_offline(client, fields_of(checked), **{"place-1": "none"})
    assert (response.status_code, response["Location"]) == (303, f"{HOME}draft/")
    assert stored() == {1: "First.", 5: ARABIC}
    assert DraftContribution.objects.get(theme__number=5).content.proposals[0].paragraph == "59"
    whole = client.get(f"{HOME}draft/").content.decode()
    assert "First." in whole
    assert "Hello," not in whole


def test_what_has_no_place_goes_where_it_is_put(client, consultation):
    write(client, 3, "There already.")
    keep_offline(client, fields_of(paste(client)), **{"place-1": "3"})
    assert stored()[3] == "There already.\n\nHello,"


@pytest.mark.parametrize(
    ("choice", "text"), [("replace", "First."), ("after", "On the draft.\n\nFirst."), ("keep", "On the draft.")]
)
def test_beside_what_the_draft_has(client, consultation, choice, text):
    write(client, 1, "On the draft.")
    checked = paste(client)
    assert "Your draft has 3 words here" in checked.content.decode()
    keep_offline(client, fields_of(checked), **{"place-1": "none", "choice-1": choice})
    assert stored()[1] == text


def test_the_same_is_said_to_be_the_same(client, consultation):
    write(client, 1, "First.")
    assert "Your draft already has this text." in paste(client).content.decode()


def test_a_colleague_who_saves_meanwhile_is_not_overwritten(client, consultation):
    write(client, 1, "On the draft.")
    fields = fields_of(paste(client))
    write(client, 1, "Newer.")
    response = keep_offline(client, fields, **{"place-1": "none", "choice-1": "replace"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "The draft has changed in the meantime" in page
    assert "Newer." in page
    assert "First." in page
    assert stored() == {1: "Newer.", 5: ARABIC}
    keep_offline(client, fields_of(response), **{"choice-1": "after"})
    assert stored()[1] == "Newer.\n\nFirst."


def test_keeping_the_draft_as_it_is_keeps_what_a_colleague_saves_meanwhile(client, consultation, monkeypatch):
    """In the same instant, even: after the draft was read for this request, and before anything is saved."""
    write(client, 1, "On the draft.")
    fields = fields_of(paste(client))
    save = offline_check._save

    def save_after_a_colleague(visit, targets):
        row = DraftContribution.objects.get(theme__number=1)
        saving.save_content(row.draft, row.theme, Content("Newer, by a colleague."), at=visit.at)
        return save(visit, targets)

    monkeypatch.setattr(offline_check, "_save", save_after_a_colleague)
    response = keep_offline(client, fields, **{"place-1": "none", "choice-1": "keep"})
    assert (response.status_code, response["Location"]) == (303, f"{HOME}draft/")
    assert stored() == {1: "Newer, by a colleague.", 5: ARABIC}


def test_a_piece_that_cannot_be_stored_moves_no_other(client, consultation):
    """Each piece goes where it was put, also beside one with a NUL, which no browser sends."""
    write(client, 9, "There already.")
    pieces = enumerate([("a\0", "1"), ("b", "2"), ("\0", ""), ("c", "3")], start=1)
    keep_offline(
        client, [field for n, (text, place) in pieces for field in ((f"piece-{n}-text", text), (f"place-{n}", place))]
    )
    assert stored() == {2: "b", 3: "c", 9: "There already."}


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_an_empty_template_is_told_to_be_empty(client, consultation, kind):
    response = upload_offline(client, client.get(f"{HOME}template-en.{kind}").content, f"t.{kind}")
    assert response.status_code == 422
    assert "Nothing is written in it yet" in response.content.decode()


def test_a_filled_template_comes_in(client, consultation):
    prompt = b"> What about 5?\r\n"
    raw = client.get(f"{HOME}template-en.txt").content
    assert raw.count(prompt) == 1
    keep_offline(client, fields_of(upload_offline(client, raw.replace(prompt, prompt + b"Mine.\r\n"), "t.txt")))
    assert stored() == {5: "Mine."}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_the_page(client, consultation, name):
    make, sentence = HOSTILE[name]
    response = upload_offline(client, make())
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert 'href="#id_file"' in response.content.decode()
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("raw", "name", "sentence"),
    [
        (b"%PDF-1.7 ...", "a.docx", "This is a PDF file."),
        (b"%PDF-1.7 ...", "a.pdf", "This is a PDF file."),
        (b"{\\rtf1 hello}", "a.rtf", "This is an RTF file."),
        (b"\x89PNG\r\n\x1a\n...", "a.png", "This is a picture"),
        (b"\xff\xd8\xff\xe0...", "scan.txt", "This is a picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.docx", "This is a picture"),
        (b"\x00\x00\x00\x18ftypheic", "a.heic", "This is a picture"),
        (b"MZ\x00\x01\x02", "a.txt", "no text file"),
        (b"", "a.txt", "empty"),
    ],
)
def test_other_files_are_refused_with_a_sentence(client, consultation, raw, name, sentence):
    response = upload_offline(client, raw, name)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_too_large_a_file_is_dropped_on_its_way(client, consultation):
    million = b"### 1. Theme 1\n" + b"x" * (1_000_000 - 15)
    assert upload_offline(client, million, "a.txt").status_code == 200
    at_the_limit = million + b"x" * (uploads.MAX_BYTES - 1_000_000)
    assert "more than a million characters" in upload_offline(client, at_the_limit, "a.txt").content.decode()
    response = upload_offline(client, at_the_limit + b"x", "a.txt")
    assert response.status_code == 422
    assert "larger than 4 MB" in response.content.decode()


def test_neither_file_nor_text_is_told(client, consultation):
    response = client.post(f"{HOME}offline/", {"pasted": " "})
    assert "Choose your file, or paste your text below." in response.content.decode()


def test_too_late_shows_it_all(client, consultation):
    write(client, 3, "On the draft.")
    fields = fields_of(paste(client))
    move_cutoff_behind_now(consultation)
    response = keep_offline(client, fields, **{"place-1": "none"})
    assert response.status_code == 409
    for text in ("First.", ARABIC, "On the draft."):
        assert text in response.content.decode()
    assert "The deadline has passed" in client.get(f"{HOME}offline/").content.decode()


@pytest.mark.parametrize("payload", ["", "x", "[]", "{}", "[1]", '{"text": 1}', '[{"wording": "a\\u0000"}]'])
def test_rows_that_are_none_keep_nothing(client, consultation, payload):
    keep_offline(client, [("piece-1-rows", payload), ("place-1", "1"), ("version-1", "0")])
    assert stored() == {}


def test_strangers_get_no_draft_as_a_file(client, consultation):
    response = client.get(f"{HOME}draft.docx")
    assert (response.status_code, response["Location"]) == (303, f"{HOME}draft/")
    assert "Nothing is written yet" in client.get(f"{HOME}draft/").content.decode()


def test_the_draft_as_a_file_can_be_uploaded_by_a_colleague(client, consultation):
    write(client, 1, "First.")
    link = link_on(client)
    raw = client.get(f"{HOME}draft.docx").content
    client.post(f"{HOME}come-back/finish/")
    client.post(f"{HOME}come-back/", {"link": link})
    assert "Your draft already has this text." in upload_offline(client, raw).content.decode()
    assert [content.text for content in contents_of(Draft.objects.get()).values()] == ["First."]


def test_too_late_it_is_kept_all_the_same(client, consultation):
    """Checked in time and kept too late: it stands on a draft, as everything does that is typed too late."""
    checked = fields_of(paste(client))
    move_cutoff_behind_now(consultation)
    answer = keep_offline(client, checked, **{"place-1": "none"})
    assert answer.status_code == 409
    assert "stays in your draft" in answer.content.decode()
    assert stored() == {1: "First.", 5: ARABIC}
    assert "First." in client.get(f"{HOME}draft/").content.decode()


def test_more_than_a_draft_holds_is_given_back_and_nothing_is_cut(client, consultation):
    rows = "".join(f"Paragraph: {n}\nProposed wording: New {n}\nReason: Why\n" for n in range(61))
    checked = paste(client, f"### 1. Theme 1\n{rows}\n### 2. Theme 2\nShort.")
    answer = keep_offline(client, fields_of(checked))
    page = squeezed(answer)
    assert answer.status_code == 422
    assert "At most 60 rows and 200,000 characters" in page
    assert "New 60" in page
    assert stored() == {2: "Short."}


def test_left_out_on_purpose_stays_left_out_by_the_round_trip(client, consultation):
    write(client, 1, "Mine.")
    client.post(f"{HOME}themes/1/", {"text": "Mine.", "version": "1", "leave-out": ""})
    write(client, 2, "Also.")
    changed = fields_of(paste(client, "### 1. Theme 1\nMine.\n\n### 2. Theme 2\nChanged."))
    keep_offline(client, changed, **{"choice-2": "replace"})
    assert dict(DraftContribution.objects.values_list("theme__number", "is_left_out")) == {1: True, 2: False}
    changed = fields_of(paste(client, "### 1. Theme 1\nMine, changed."))
    keep_offline(client, changed, **{"choice-1": "replace"})
    assert DraftContribution.objects.get(theme__number=1).is_left_out is False


def test_a_piece_put_where_a_colleague_saved_meanwhile_comes_back(client, consultation):
    write(client, 1, "On the draft.")
    checked = fields_of(paste(client))
    write(client, 1, "A colleague's.", version="1")
    answer = keep_offline(client, checked, **{"place-1": "1", "choice-1": "replace"})
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "Hello," in page
    assert "First." in page
    assert stored()[1] == "A colleague's."


def test_the_server_failing_in_the_middle_keeps_nothing(client, consultation, monkeypatch):
    save = saving.save_content

    def fail(draft, theme, *args, **kwargs):
        if theme.number == 5:
            raise RuntimeError("what nobody thought of")
        return save(draft, theme, *args, **kwargs)

    checked = fields_of(paste(client))
    monkeypatch.setattr(saving, "save_content", fail)
    client.raise_request_exception = False
    assert keep_offline(client, checked, **{"place-1": "none"}).status_code == 500
    assert (Draft.objects.count(), stored()) == (0, {})


@pytest.mark.parametrize("payload", ['[{"wording": "\\ud800"}]', "[" * 5000, '[{"wording": "a\\u0000b"}]'])
def test_what_no_browser_sends_is_kept_nowhere_and_is_no_fault(client, consultation, payload):
    answer = client.post(f"{HOME}offline/keep/", {"piece-1-rows": payload, "piece-2-text": "a\0b", "place-2": "2"})
    assert answer.status_code == 303
    assert stored() == {}


STRUCK = "<w:r><w:rPr><w:strike/></w:rPr><w:t>Struck.</w:t></w:r>"


def test_what_was_left_out_stays_named_until_it_is_kept(client, consultation):
    raw = document_with(p(run("Area 1: Theme 1")), p(run("First.")), p(run("Hello, ") + STRUCK), p(run("2. Theme 2")))
    write(client, 1, "There already.")
    checked = upload_offline(client, raw)
    struck, ours = "Text that is struck through", "Lines left out"
    page = checked.content.decode()
    assert (struck in page, ours in page) == (True, True)
    again = keep_offline(client, fields_of(checked))
    assert again.status_code == 422
    french = keep_offline(client, fields_of(again), language="fr")
    assert [row.what for row in french.context["left_out"].omitted] == [Omission.STRUCK]
    for answer in (again, french):
        assert answer.context["left_out"] == checked.context["left_out"]
        assert "<ul>" in answer.content.decode().partition('<div class="note">')[2]


@pytest.mark.parametrize(
    "carried",
    [
        "x",
        "5",
        "[]",
        "{}",
        '{"ours": 5, "omitted": []}',
        '{"ours": [], "omitted": 5}',
        '{"ours": [], "omitted": [5]}',
        '{"ours": [], "omitted": [{"what": "picture", "count": Infinity, "beside": ""}]}',
        '{"ours": [], "omitted": [{"what": "nothing", "count": 1, "beside": ""}]}',
        '{"ours": ["\\ud800"], "omitted": []}',
        '{"ours": ["a\\u0000"], "omitted": []}',
        "[" * 5000,
    ],
)
def test_what_no_page_of_ours_carries_names_nothing(client, consultation, carried):
    answer = client.post(f"{HOME}offline/keep/", {"piece-1-text": "Text.", "left-out": carried})
    assert answer.status_code == 422
    assert answer.context["left_out"] == offline_check.LeftOut()
