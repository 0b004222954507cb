"""The catalogues: complete, true to their placeholders, compiled, and of what the sources say today."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils.translation import trim_whitespace

from tests.source import BASE, MODULES, TEMPLATES

LANGUAGES = [path.name for path in sorted((BASE / "locale").iterdir()) if path.is_dir()]
MARK = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(BASE / "locale" / language / "LC_MESSAGES" / "django.po"))


def in_python(path: Path) -> Iterator[str]:
    """Every constant that a source marks for translation."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            wanted = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2}.get(node.func.id, 0)
            yield from (
                argument.value
                for argument in node.args[:wanted]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )


def in_template(path: Path) -> Iterator[str]:
    """Every `translate` and `blocktranslate` of a template, as its msgid."""
    block: list[str] | None = None
    is_trimmed = False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        tag = token.split_contents()[0] if token.token_type is TokenType.BLOCK else ""
        if tag == "translate" and token.contents.split()[1][0] in "\"'":
            yield token.split_contents()[1][1:-1]
        elif tag == "blocktranslate":
            block, is_trimmed = [], "trimmed" in token.split_contents()
        elif tag in {"plural", "endblocktranslate"} and block is not None:
            yield trim_whitespace("".join(block)) if is_trimmed else "".join(block)
            block = [] if tag == "plural" else None
        elif block is not None:
            block.append(
                f"%({token.contents})s" if token.token_type is TokenType.VAR else token.contents.replace("%", "%%")
            )


def wanted() -> set[str]:
    found = {text for path in MODULES for text in in_python(path)}
    found |= {text for path in TEMPLATES for text in in_template(path)}
    return found - {""}


def test_the_site_speaks_the_six_languages_of_the_united_nations():
    assert [code for code, _name in settings.LANGUAGES] == ["ar", "zh-hans", "en", "fr", "ru", "es"]
    assert LANGUAGES == ["ar", "es", "fr", "ru", "zh_Hans"]
    assert len(wanted()) > 500


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_and_nothing_is_left_over(language):
    """What the sources say is translated; run `make messages` and fill in what this names."""
    entries = [entry for entry in catalogue(language) if not entry.obsolete]
    there = {entry.msgid for entry in entries} | {entry.msgid_plural for entry in entries if entry.msgid_plural}
    assert wanted() - there == set()
    assert [entry.msgid for entry in entries if not entry.translated()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_markup_are_kept(language):
    wrong = []
    for entry in catalogue(language):
        if entry.msgid_plural:
            # Where a form says the number in a word, it may leave the figure out.
            allowed = set(MARK.findall(entry.msgid_plural))
            wrong += [
                entry.msgid for sentence in entry.msgstr_plural.values() if not set(MARK.findall(sentence)) <= allowed
            ]
        else:
            for pattern in (MARK, re.compile(r"</?\w+")):
                if sorted(pattern.findall(entry.msgstr)) != sorted(pattern.findall(entry.msgid)):
                    wrong.append(entry.msgid)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_one_beside_it(language):
    source = catalogue(language)
    compiled = polib.mofile(str(BASE / "locale" / language / "LC_MESSAGES" / "django.mo"))
    sentence = {(entry.msgid, entry.msgstr, str(entry.msgstr_plural)) for entry in source.translated_entries()}
    assert {(entry.msgid, entry.msgstr, str(entry.msgstr_plural)) for entry in compiled} == sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_can_be_said(language):
    forms = int(re.findall(r"nplurals=(\d)", catalogue(language).metadata["Plural-Forms"])[0])
    assert {len(entry.msgstr_plural) for entry in catalogue(language) if entry.msgid_plural} == {forms}
