"""The names of countries and territories: ISO 3166 by django-countries, and the United Nations' where they differ."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django_countries import countries

_FILE = Path(__file__).with_name("countries.toml")


@cache
def _data() -> dict[str, Any]:
    """By language, the names that differ by code; under "order", the codes of each language in its own order."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def country_names() -> dict[str, str]:
    """By ISO 3166 code, in the language in force and in its order."""
    language = get_language() or ""
    names = {code: str(name) for code, name in countries} | _data().get(language, {})
    places = {code: place for place, code in enumerate(_data()["order"].get(language, "").split())}
    # A code that the library has since learnt stands at the end.
    return dict(sorted(names.items(), key=lambda country: (places.get(country[0], len(names)), country[1])))


def country_name(code: str) -> str:
    """In the language in force; empty for a code that is none."""
    return _data().get(get_language() or "", {}).get(code) or str(countries.name(code))
