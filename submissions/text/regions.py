"""The region of a country, after the United Nations' standard M49."""

import tomllib
from functools import cache
from pathlib import Path

GLOBAL = "001"  # UN M49's code for the world: for stakeholders who speak for no single country

DATA = Path(__file__).with_name("regions.toml")
NO_REGION = "No region"


@cache
def region_names() -> dict[str, str]:
    """Country code to the English name of its region; “Global” for whoever speaks for no single country."""
    regions = tomllib.loads(DATA.read_text(encoding="utf-8"))
    by_code = {code: name for name, region in regions.items() if name != "group" for code in region["codes"].split()}
    return {GLOBAL: "Global", "AQ": NO_REGION, **by_code}


@cache
def special_groups() -> dict[str, frozenset[str]]:
    """LDC, LLDC and SIDS, each with the codes of its countries."""
    groups = tomllib.loads(DATA.read_text(encoding="utf-8"))["group"]
    return {name: frozenset(group["codes"].split()) for name, group in groups.items()}
