"""In each language every country has a name of its own, in the language's script, and the list is in its order."""

import re
import unicodedata
from pathlib import Path

import pytest
from babel import Locale
from django.conf import settings
from django.utils import translation
from django.utils.translation import to_locale

from submissions.text import countries
from submissions.text.countries import country_name, country_names

LANGUAGES = [code for code, _name in settings.LANGUAGES]
COUNTRIES = Path(countries.__file__).with_suffix(".toml")
SCRIPTS = {"ar": "ARABIC", "zh-hans": "CJK", "ru": "CYRILLIC"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_are_alike_none_is_empty_none_is_of_another_script(language):
    with translation.override(language):
        names = country_names()
    assert len(names) == 249
    assert len({name.casefold() for name in names.values()}) == 249
    assert all(name == name.strip() != "" for name in names.values())
    script = SCRIPTS.get(language, "LATIN")
    others = {
        name: letter
        for name in names.values()
        for letter in name
        if letter.isalpha() and not unicodedata.name(letter).startswith(script)
    }
    assert others == {}


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("zh-hans", "KR", "大韩民国"),
        ("zh-hans", "KP", "朝鲜民主主义人民共和国"),
        ("zh-hans", "WS", "萨摩亚"),
        ("ar", "FM", "ميكرونيزيا (ولايات - الموحدة)"),
        ("ru", "TZ", "Объединенная Республика Танзания"),
        ("fr", "CZ", "Tchéquie"),
        ("es", "SZ", "Eswatini"),
        ("en", "KR", "Korea (the Republic of)"),
        ("en", "ZZ", ""),
    ],
)
def test_as_the_united_nations_say(language, code, name):
    with translation.override(language):
        assert country_name(code) == name
        assert country_names().get(code, "") == name


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_where_unicode_has_another_name_it_stands_beside_ours(language):
    """A second published list finds slips; in the data file a difference is one that somebody has looked at."""
    territories = Locale.parse(to_locale(language)).territories
    section = COUNTRIES.read_text(encoding="utf-8").partition(f"[{language}]\n")[2].partition("\n[")[0]
    found = re.findall(r'^([A-Z]{2}) = "([^"]+)"(?:  # Unicode: (.+))?$', section, re.MULTILINE)
    assert len(found) == len(section.strip().splitlines()) > 10
    assert [code for code, name, theirs in found if (theirs or name) != territories[code]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_the_one_that_unicode_has_for_another_country(language):
    territories = Locale.parse(to_locale(language)).territories
    with translation.override(language):
        names = country_names()
    theirs = {territories[code].casefold(): code for code in names if code in territories}
    assert {code: name for code, name in names.items() if theirs.get(name.casefold(), code) != code} == {}
