"""Texts with their numbers of words: what the server and the browser must both count."""

import tomllib
from pathlib import Path

TABLE = Path(__file__).with_name("word_cases.toml")


WORD_CASES = tomllib.loads(TABLE.read_text(encoding="utf-8"))["cases"]
