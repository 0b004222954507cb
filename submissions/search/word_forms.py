"""Word forms by PostgreSQL's own dictionaries: "libraries" and "library" are one stem in English.

A stem is kept with its language before it, so that no language's stem finds another's word: "~en~librari". No word
begins like that. Stems are folded as words are, and made twice, of a word as it is written and as it is folded: what is
written without its accents is found too.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import islice

from django.db import connection

from submissions.text.search_words import SearchWord, fold_word

# By script: each language that is written in it, with its dictionary.
_DICTIONARIES = (
    (re.compile("[a-z\u00df-\u024f]"), {"en": "english_stem", "es": "spanish_stem", "fr": "french_stem"}),
    (re.compile("[\u0400-\u04ff]"), {"ru": "russian_stem"}),
    (re.compile("[\u0600-\u06ff]"), {"ar": "arabic_stem"}),
)
_SCRIPT_OF = {language: script for script, languages in _DICTIONARIES for language in languages}
_ARABIC_WORD = re.compile("(?:[وف]?(?:ال|بال|كال|لل)(?=.{4}))?(?P<bare>[\u0600-\u06ff]+)")
# Of a text that has so many stop words of one language, and at least this part of them in another, both are its own.
_SHARE_OF_SECOND_LANGUAGE = 0.3

MAX_KNOWN = 30_000  # words: some fifteen megabytes at the most

# A word in lower case, to its stems by language; "" is a word that the language's dictionary leaves out, such as "the".
Stems = dict[str, dict[str, str]]


# What the dictionaries have answered in this process: they are PostgreSQL's own, and do not change.
_known: Stems = {}


def look_up(words: Collection[str]) -> Stems:
    """The stems of each word, in every language of its script. A statement for each script, of words that are new."""
    known = {word: stems for word in words if (stems := _known.get(word)) is not None}
    new = _asked([word for word in words if word not in known])
    if len(_known) + len(new) > MAX_KNOWN:
        _known.clear()
    _known.update(islice(new.items(), MAX_KNOWN))
    return {**known, **new}


def _asked(words: Collection[str]) -> Stems:
    found: Stems = {}
    for script, dictionaries in _DICTIONARIES:
        written = [word for word in words if script.match(word)]
        if not written:
            continue
        stems = ", ".join(f"coalesce((ts_lexize('pg_catalog.{name}', word))[1], '')" for name in dictionaries.values())
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {stems} FROM unnest(%s::text[]) WITH ORDINALITY AS row (word, n) ORDER BY n",  # noqa: S608
                [[_with_article(word) for word in written]],
            )
            for word, row in zip(written, cursor.fetchall(), strict=True):
                found[word] = dict(zip(dictionaries, row, strict=True))
    return found


def _with_article(word: str) -> str:
    """An Arabic word with its article and with no "and" before it; any other word as it is.

    The dictionary takes an ending off only where it has taken an article off, and none that follows an "and".
    """
    if (match := _ARABIC_WORD.fullmatch(word)) is None:
        return word
    return "ال" + match["bare"]


def spellings(words: Iterable[SearchWord]) -> set[str]:
    """What to look up for these words."""
    return {spelling for word in words for spelling in (word.lower, word.folded)}


def spellings_of(forms: Collection[str], stems: Stems) -> frozenset[str]:
    """Of the words that were looked up those that have one of these stems, in whatever language."""
    return frozenset(
        word
        for word, by_language in stems.items()
        if any(stem and f"~{language}~{fold_word(stem)}" in forms for language, stem in by_language.items())
    )


def languages_of(words: Collection[SearchWord], stems: Stems) -> frozenset[str]:
    """The languages that a text seems to be written in, by the words that each dictionary leaves out.

    A text too short to tell is taken as of every language of its script.
    """
    left_out: Counter[str] = Counter()
    for word in words:
        left_out.update(language for language, stem in stems.get(word.lower, {}).items() if not stem)
    chosen: set[str] = set()
    for _script, dictionaries in _DICTIONARIES:
        most = max(left_out[language] for language in dictionaries)
        chosen |= {language for language in dictionaries if left_out[language] >= most * _SHARE_OF_SECOND_LANGUAGE}
    return frozenset(chosen)


def stems_of(word: SearchWord, stems: Stems, languages: Collection[str]) -> set[str]:
    """The stems of a word in these languages, as they stand in the index."""
    return {
        f"~{language}~{fold_word(stem)}"
        for spelling in {word.lower, word.folded}
        for language, stem in stems.get(spelling, {}).items()
        if stem and language in languages
    }


LANGUAGES = frozenset(_SCRIPT_OF)
