"""A term as PostgreSQL is asked for it, and as a text that was read is looked through for it: the two agree."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import BooleanField, Func, Value

from submissions.search.terms import Term
from submissions.search.word_forms import LANGUAGES, Stems, languages_of, look_up, spellings, spellings_of, stems_of
from submissions.text.search_words import SearchWord, search_words


class Matches(Func):
    """Whether a column of words has a term: `words @@ tsquery`."""

    output_field = BooleanField()
    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    conditional = True

    def __init__(self, column: Any, tsquery: str, **extra: Any) -> None:
        super().__init__(column, Value(tsquery), **extra)


class Matcher:
    """What was typed, with the word forms of its terms looked up once.

    Args:
        terms: all that will be asked about.
    """

    def __init__(self, terms: Collection[Term]) -> None:
        stems = look_up(spellings(term.words[0] for term in terms if term.has_forms))
        self.forms = {
            term: stems_of(term.words[0], stems, LANGUAGES) if term.has_forms else set[str]() for term in terms
        }

    def in_text(self, term: Term) -> str:
        """The tsquery for what somebody wrote."""
        return " | ".join([_phrase(term, is_begun=term.is_begun), *(f"'{form}'" for form in sorted(self.forms[term]))])

    def in_sender(self, term: Term) -> str:
        """The tsquery for names, addresses and references, which may be only begun."""
        return _phrase(term, is_begun=not term.is_exact)

    def in_any(self, terms: Iterable[Term]) -> str:
        return " | ".join(f"({self.in_text(term)})" for term in terms)

    def places_in_each(
        self, texts: Sequence[Sequence[str]], terms: Collection[Term]
    ) -> Iterator[list[list[tuple[int, int]]]]:
        """Where the terms stand in each field of each contribution: start and end, in characters, in their order. The
        word forms of all of them are looked up at once."""
        cut = [[list(search_words(field)) for field in fields] for fields in texts]
        stems = look_up(spellings(word for fields in cut for words in fields for word in words))
        for fields in cut:
            languages = languages_of([word for words in fields for word in words], stems)
            yield [_merged(self._spans(words, terms, stems, languages)) for words in fields]

    def first_in_each(
        self, texts: Sequence[Sequence[str]], terms: Collection[Term]
    ) -> list[tuple[int, int, int] | None]:
        """For a list, which shows one place of each contribution: the field by its number, start and end. None of one
        that has none of the terms.

        A term as it was typed comes first, which most texts have near their beginning; only of those that have none the
        word forms are looked up, of all languages at once.
        """
        found: list[tuple[int, int, int] | None] = []
        cut: dict[int, list[list[SearchWord]]] = {}
        for number, fields in enumerate(texts):
            # What was cut for the first look serves the second, which only a text without a place needs.
            words: list[list[SearchWord]] = [[] for _field in fields]
            found.append(_first(zip(map(search_words, fields), words, strict=True), terms))
            if found[number] is None:
                cut[number] = words
        forms = set[str]().union(*(self.forms[term] for term in terms))
        if cut and forms:
            stems = look_up(spellings(word for one in cut.values() for field in one for word in field))
            having = spellings_of(forms, stems)
            for number, cut_fields in cut.items():
                found[number] = next(
                    (
                        (n, word.start, word.end)
                        for n, cut_words in enumerate(cut_fields)
                        for word in cut_words
                        if word.lower in having or word.folded in having
                    ),
                    None,
                )
        return found

    def _spans(
        self, words: list[SearchWord], terms: Collection[Term], stems: Stems, languages: Collection[str]
    ) -> Iterator[tuple[int, int]]:
        for term in terms:
            forms, wanted = self.forms[term], [word.folded for word in term.words]
            for place, word in enumerate(words):
                last = words[place : place + len(wanted)]
                is_there = _is_phrase([one.folded for one in last], wanted, is_begun=term.is_begun)
                if is_there or (forms and not forms.isdisjoint(stems_of(word, stems, languages))):
                    yield word.start, last[-1].end


def _first(
    fields: Iterable[tuple[Iterator[SearchWord], list[SearchWord]]], terms: Collection[Term]
) -> tuple[int, int, int] | None:
    """The first place where a term stands as it was typed. No further word is cut; the list with each field gets those
    that were."""
    wanted = [([word.folded for word in term.words], term.is_begun) for term in terms]
    for number, (words, cut) in enumerate(fields):
        for word in words:
            cut.append(word)
            for folded, is_begun in wanted:
                if not (word.folded == folded[-1] or (is_begun and word.folded.startswith(folded[-1]))):
                    continue
                phrase = cut[-len(folded) :]
                if _is_phrase([one.folded for one in phrase], folded, is_begun=is_begun):
                    return number, phrase[0].start, word.end
    return None


def _phrase(term: Term, *, is_begun: bool) -> str:
    return " <-> ".join(f"'{word.folded}'" for word in term.words) + (":*" if is_begun else "")


def _is_phrase(words: list[str], wanted: list[str], *, is_begun: bool) -> bool:
    if is_begun and len(words) == len(wanted):
        return words[:-1] == wanted[:-1] and words[-1].startswith(wanted[-1])
    return words == wanted


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
