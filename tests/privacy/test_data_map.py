"""The data map: no table is forgotten, the paper says what the code says, and the notice says it in every language."""

import io

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import override

from privacy.data_map import DATA_MAP, NOTHING_PERSONAL
from tests.source import BASE

TRAIL = "<every table of the trail>"


def tables() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label for model in models if model._meta.managed and not model._meta.proxy}


def test_every_table_is_of_a_kind_or_holds_nothing_personal():
    named = {place for entry in DATA_MAP for place in entry.where if not place.startswith("<")}
    assert named - tables() == set()
    trail = {table for table in tables() if table.endswith("Event") and table != "accounts.SecurityEvent"}
    of_apps = {table.partition(".")[0] for table in tables()}
    left_out = {table for table in tables() if {table, table.partition(".")[0]} & set(NOTHING_PERSONAL)}
    assert set(NOTHING_PERSONAL) - tables() - of_apps == set()
    assert tables() - named - trail - left_out == set()
    assert (named & left_out, any(TRAIL in entry.where for entry in DATA_MAP)) == (set(), True)


def test_the_paper_is_written_from_the_code():
    out = io.StringIO()
    call_command("data_map", stdout=out)
    assert out.getvalue() in (BASE / "docs" / "privacy.md").read_text(encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_notice_says_it_in_every_language(client, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get("/privacy/").content.decode()
    with override(language):
        for entry in DATA_MAP:
            if not entry.is_about_staff:
                assert str(entry.what) in page
                assert entry.kept() in page


@pytest.mark.django_db
def test_a_setting_changes_what_the_notice_says(client, settings):
    from datetime import timedelta

    settings.CONTACTS_KEPT = timedelta(days=90)
    assert "90 days after the deadline" in client.get("/privacy/").content.decode()
