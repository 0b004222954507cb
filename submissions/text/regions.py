"""The region of a country, after the United Nations' standard M49."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

GLOBAL = "001"  # UN M49's code for the world: for stakeholders who speak for no single country

DATA = Path(__file__).with_name("regions.toml")
NO_REGION = "No region"
# What the files of the secretariat hold is the English name, whoever made them; pages and papers show the reader's.
_LABELS = {
    "Africa": _("Africa"),
    "Americas": _("Americas"),
    "Asia": _("Asia"),
    "Europe": _("Europe"),
    "Oceania": _("Oceania"),
    "Global": _("Global"),
    NO_REGION: _("No region"),
    "LDC": _("LDC"),
    "LLDC": _("LLDC"),
    "SIDS": _("SIDS"),
}


def region_label(name: str) -> str:
    """A region or a special group in the reader's language."""
    return str(_LABELS.get(name, name))


@cache
def region_names() -> dict[str, str]:
    """Country code to the English name of its region; “Global” for whoever speaks for no single country."""
    regions = tomllib.loads(DATA.read_text(encoding="utf-8"))
    by_code = {code: name for name, region in regions.items() if name != "group" for code in region["codes"].split()}
    return {GLOBAL: "Global", "AQ": NO_REGION, **by_code}


@cache
def countries_in() -> dict[str, frozenset[str]]:
    """The codes of the countries of each region and of each special group."""
    names = region_names()
    regions = {name: frozenset(code for code in names if names[code] == name) for name in sorted(set(names.values()))}
    return regions | special_groups()


@cache
def special_groups() -> dict[str, frozenset[str]]:
    """LDC, LLDC and SIDS, each with the codes of its countries."""
    groups = tomllib.loads(DATA.read_text(encoding="utf-8"))["group"]
    return {name: frozenset(group["codes"].split()) for name, group in groups.items()}
