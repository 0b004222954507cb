"""A consultation's texts in six languages: who reads which, what is marked as another's, and where they come from."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation

from themes.fields import LANGUAGES, SOURCE_LANGUAGE, TRANSLATIONS, column, is_translated, source_text
from themes.models import Announcement, Consultation, Extension, Milestone, Theme
from themes.seed import seed

pytestmark = pytest.mark.django_db
NOT_YET = (
    "Parts of this page are not translated into your language yet. They are shown in the language in which they were "
    "written."
)
TEXTS = {
    Consultation: ("title", "headline", "introduction", "document_title"),
    Theme: ("title", "prompt"),
    Milestone: ("date", "title"),
}


def page(path: str, language: str) -> str:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode().partition("<body")[2]


def test_the_languages_are_the_sites():
    assert sorted(LANGUAGES) == sorted(code for code, _name in settings.LANGUAGES)
    assert LANGUAGES[0] == SOURCE_LANGUAGE == "en"


def test_what_is_seeded_is_there_in_every_language(seeded):
    rows = [(row, name) for model, names in TEXTS.items() for row in model.objects.all() for name in names]
    assert len(rows) > 40
    texts = [[getattr(row, column(name, language)) for language in LANGUAGES] for row, name in rows]
    assert [each for each in texts if len({bool(text) for text in each}) > 1] == []
    # Each text is its own language's: nothing is there twice, but for words that languages share.
    shared = [each for each in texts if each[0] and len(set(each)) < len(each)]
    assert all(len(set(each)) >= len(each) - 1 for each in shared)
    assert seeded.document_url == source_text(seeded, "document_url")


def test_the_historical_reason_is_announced_in_every_language(db, consultation):
    extension = Extension.objects.get(consultation=seed(at=consultation.opens_at, historical=True)[0])
    assert sorted(Announcement.objects.values_list("language", flat=True)) == sorted(TRANSLATIONS)
    for language in TRANSLATIONS:
        with translation.override(language):
            assert extension.announcement != extension.reason


@pytest.mark.parametrize(
    ("language", "environment"),
    [("ar", "البيئ"), ("es", "ambiental"), ("fr", "environnement"), ("ru", "окружающ"), ("zh-hans", "环境")],
)
def test_the_areas_are_named_in_the_readers_language(seeded, language, environment):
    theme = seeded.themes.get(number=4)
    with translation.override(language):
        assert environment in theme.title.lower()
        assert str(theme) == f"4. {theme.title}"
    assert environment in page("/elements-paper/themes/4/", language).lower()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_text_without_translation_is_shown_in_its_source_language_and_marked(seeded, language):
    whole = page("/elements-paper/", language), page("/elements-paper/themes/4/", language)
    assert [' lang="en" dir="ltr"' in each for each in whole] == [False, False]
    Theme.objects.filter(number=4).update(**{column("title", language): None, column("prompt", language): ""})
    home, area = page("/elements-paper/", language), page("/elements-paper/themes/4/", language)
    assert home.count(' lang="en" dir="ltr"') == 2
    assert area.count(' lang="en" dir="ltr"') == 2
    assert '<h1 lang="en" dir="ltr">Environmental impacts</h1>' in area
    # Another reader is not told so.
    assert ' lang="en" dir="ltr"' not in page("/elements-paper/themes/4/", "en")
    with translation.override(language):
        sentence = translation.gettext(NOT_YET)
    assert [sentence in each for each in (home, area, *whole)] == [True, True, False, False]


def test_an_empty_text_wants_no_translation(seeded):
    general = seeded.themes.get(number=8)
    with translation.override("ar"):
        assert is_translated(general, "prompt")
        assert general.prompt == ""


def test_no_text_of_the_database_is_looked_up_in_a_catalogue(seeded):
    """A title that happens to be a word of the site's stays as it was written."""
    Consultation.objects.update(title_en="Help", title_fr=None)
    with translation.override("fr"):
        assert translation.gettext("Help") != "Help"
        assert Consultation.objects.get().title == "Help"


def test_the_trail_has_every_language(seeded):
    Theme.objects.filter(number=4).update(title_ru="Окружающая среда")
    with connection.cursor() as cursor:
        cursor.execute("SELECT title_ru FROM themes_themeevent WHERE pgh_label = 'update'")
        assert cursor.fetchall() == [("Окружающая среда",)]
