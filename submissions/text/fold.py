"""Text without what readers do not tell letters apart by: for finding and for putting in order."""

import re
import unicodedata

# The same as in migrations/sql/search.sql, so that what the index finds is found here.
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670]")
_LETTERS = str.maketrans("أإآٱىة-@", "اااايه  ")


def fold(text: str) -> str:
    """Without case, accents and vowel signs; sign by sign, so that a part folds to a part of the whole."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.lower())).translate(_LETTERS)
