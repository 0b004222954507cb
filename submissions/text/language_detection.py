"""Guesses the language a text is in from the script it is written in: a default to confirm, never a fact."""

import re
from collections import Counter

_SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ja": re.compile(r"[\u3041-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "bn": re.compile(r"[\u0980-\u09ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SAMPLE = 5_000


def guess_language(texts: list[str], interface_language: str) -> str:
    """The likeliest language of `texts` as a code of ISO 639, or "mul" when two scripts carry much of them."""
    counts: Counter[str] = Counter()
    for text in texts:
        sample = text[:_SAMPLE]
        for language, signs in _SCRIPTS.items():
            counts[language] += len(signs.findall(sample))
        counts[interface_language] += len(_LATIN.findall(sample)) // 3
    if counts["ja"]:
        counts["ja"] += counts.pop("zh", 0)
    total = sum(counts.values())
    if not total:
        return interface_language
    (first, _), *others = counts.most_common(2)
    return "mul" if others and others[0][1] > 0.3 * total else first
