"""In each language every country has a name of its own, in the language's script, and the list is in its order."""

import unicodedata

import pytest
from django.conf import settings
from django.utils import translation

from submissions.text.countries import country_name, country_names

LANGUAGES = [code for code, _name in settings.LANGUAGES]
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
