"""The page of texts and the workbook: what is stored, what is refused, and what a colleague saved meanwhile."""

import io
import zipfile
from typing import Any, cast

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from themes import translations, translations_file
from themes.fields import LANGUAGES, TRANSLATIONS
from themes.models import Consultation, Theme

pytestmark = pytest.mark.django_db


def texts(language: str = "ar") -> str:
    return f"/admin/themes/consultation/{Consultation.objects.get().pk}/texts/{language}/"


def workbook(which: str = "") -> str:
    return f"/admin/themes/consultation/{Consultation.objects.get().pk}/workbook/{which}"


def shown(client: Client, language: str = "ar") -> dict[str, str]:
    """What the page would send back if nobody typed anything."""
    form = client.get(texts(language)).context["form"]
    return {
        name: value
        for text, field, mark in form.rows()
        for name, value in ((text.key, field.value()), (f"was-{text.key}", mark))
    }


def counts() -> dict[str, tuple[int, int]]:
    found = translations.meters(translations.texts_of(Consultation.objects.get()))
    return {meter.language: (meter.translated, meter.total) for meter in found}


def test_the_seeded_consultation_is_whole_in_every_language(seeded):
    assert list(counts()) == ["ar", "zh-hans", "fr", "ru", "es"]
    assert {translated == total > 40 for translated, total in counts().values()} == {True}


def test_a_new_one_has_everything_to_translate(consultation, admin_client):
    # A title and three other texts; fifteen titles and fourteen prompts; two kinds with their explanations.
    assert set(counts().values()) == {(0, 4 + 15 + 14 + 4)}
    page = admin_client.get(texts()).content.decode()
    assert page.count("<textarea") == 37
    assert page.count('dir="rtl"') == 37
    assert "What about 3?" in page
    overview = admin_client.get(f"/admin/themes/consultation/{consultation.pk}/change/").content.decode()
    assert overview.count("0/37") == 5


def test_what_is_typed_is_stored_and_nothing_else(consultation, admin_client, django_assert_max_num_queries):
    typed = shown(admin_client) | {"title": "المشاورة", "3.prompt": "ماذا؟\r\nنعم."}
    with django_assert_max_num_queries(40):
        assert admin_client.post(texts(), typed).status_code == 302
    after = Consultation.objects.get()
    assert (after.title_ar, after.headline_ar, after.title_fr) == ("المشاورة", None, None)
    assert Theme.objects.get(number=3).prompt_ar == "ماذا؟\nنعم."
    assert counts()["ar"] == (2, 37)
    missing = admin_client.get(texts() + "?missing").content.decode()
    assert missing.count("<textarea") == 35
    # Emptied, it is missing again.
    emptied = shown(admin_client) | {"title": "", "note": "It was wrong."}
    assert admin_client.post(texts(), emptied).status_code == 302
    assert Consultation.objects.get().title_ar is None


def test_a_page_of_what_is_missing_leaves_the_others_alone(consultation, admin_client):
    Consultation.objects.update(headline_ar="سطر")
    form = admin_client.get(texts() + "?missing").context["form"]
    typed = {text.key: "" for text, _field, _mark in form.rows()} | {"title": "المشاورة"}
    marks = {f"was-{text.key}": mark for text, _field, mark in form.rows()}
    assert "headline" not in typed
    assert admin_client.post(texts() + "?missing", typed | marks).status_code == 302
    after = Consultation.objects.get()
    assert (after.title_ar, after.headline_ar) == ("المشاورة", "سطر")


def test_what_cannot_be_stored_is_named_and_nothing_is_lost(consultation, admin_client):
    typed = shown(admin_client) | {"title": "x" * 201, "headline": "عنوان"}
    answer = admin_client.post(texts(), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "x" * 201 in page
    assert "عنوان" in page
    assert "200" in page
    assert Consultation.objects.get().headline_ar is None


def test_a_colleagues_text_is_not_overwritten_unseen(consultation, admin_client):
    typed = shown(admin_client)
    Consultation.objects.update(title_ar="عنوان زميل", headline_ar="سطر زميل")
    answer = admin_client.post(texts(), typed | {"title": "عنواني"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "عنوان زميل" in page
    assert "عنواني" in page
    assert Consultation.objects.get().title_ar == "عنوان زميل"
    # Saved again it is mine; the line that I did not touch stays the colleague's.
    form = answer.context["form"]
    again = {
        name: value
        for text, field, mark in form.rows()
        for name, value in ((text.key, field.value()), (f"was-{text.key}", mark))
    }
    assert admin_client.post(texts(), again | {"note": "Closer to the English."}).status_code == 302
    after = Consultation.objects.get()
    assert (after.title_ar, after.headline_ar) == ("عنواني", "سطر زميل")


@pytest.mark.parametrize("language", ["de", "zh", "AR", "..", "ar%00"])
def test_only_the_sites_languages(consultation, admin_client, language):
    assert admin_client.get(texts(language)).status_code == 404


def filled(raw: bytes, cells: dict[tuple[str, str], str]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book.worksheets[0]
    codes = [cell.value for cell in sheet[2]]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=3)}
    for (key, language), text in cells.items():
        rows[key][codes.index(language)].value = text
    to = io.BytesIO()
    book.save(to)
    return to.getvalue()


def give_back(client: Client, raw: bytes):
    return client.post(workbook("back/"), {"workbook": SimpleUploadedFile("texts.xlsx", raw)})


def test_the_workbook_comes_back_filled_in(consultation, admin_client):
    raw = admin_client.get(workbook()).content
    cells = {("title", language): f"Title {language}" for language in TRANSLATIONS} | {
        ("8.title", "fr"): "Droits de l’homme"
    }
    preview = give_back(admin_client, filled(raw, cells))
    assert preview.status_code == 200
    assert {(one.text.key, one.language, one.new) for one in preview.context["changes"]} == {
        (key, language, text) for (key, language), text in cells.items()
    }
    assert Consultation.objects.get().title_fr is None  # only shown so far
    # What a colleague saves between the preview and its confirmation stays.
    Consultation.objects.update(title_ru="Название")
    done = admin_client.post(workbook("back/"), {"changes": preview.context["sealed"]}, follow=True)
    assert "5 texts saved." in done.content.decode()
    assert "1 text was changed by somebody else" in done.content.decode()
    after = Consultation.objects.get()
    assert (after.title_fr, after.title_zh_hans, after.title_ru) == ("Title fr", "Title zh-hans", "Название")
    assert Theme.objects.get(number=8).title_fr == "Droits de l’homme"
    again = give_back(admin_client, admin_client.get(workbook()).content)
    assert again.context["changes"] == []


def test_what_is_wrong_in_a_workbook_is_named(consultation, admin_client):
    raw = admin_client.get(workbook()).content
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book.worksheets[0]
    sheet["A3"].value, sheet["D4"].value, sheet["D3"].value = "99.title", "x" * 300, "nowhere"
    to = io.BytesIO()
    book.save(to)
    page = give_back(admin_client, to.getvalue())
    assert page.context["unknown"] == ["99.title"]
    assert [(key, name) for key, name, _why in page.context["refused"]] == [("headline", "العربية")]
    assert page.context["changes"] == []


def bomb() -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 40_000_000)
    return to.getvalue()


@pytest.mark.parametrize("raw", [b"", b"key,ar", b"PK\x03\x04", b"\x00" * 2_000_001, bomb()], ids=range(5))
def test_no_workbook_is_refused_in_words(consultation, admin_client, raw):
    answer = give_back(admin_client, raw)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.content.decode()


def test_a_forged_or_old_preview_changes_nothing(consultation, admin_client):
    for forged in ("", "x", "W10:1:2"):
        assert admin_client.post(workbook("back/"), {"changes": forged}).status_code == 422
    assert counts()["fr"] == (0, 37)


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_any_text_survives_the_workbook(text):
    """Written and read, whatever it begins with; blanks around it are nobody's text."""

    class Row:
        key, label = "title", "Title"

        def get(self, language: str) -> str:
            return text

    found = translations_file.read(translations_file.write([cast(Any, Row())]))
    expected = {("title", language): text for language in LANGUAGES if language != "en"} if text.strip() else {}
    assert found == expected
