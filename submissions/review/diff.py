"""What changed between two versions of a submission, word by word, for whoever read the earlier one."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from submissions.models import Submission
from themes.models import Theme

# Signs of the scripts that set no blanks between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean.
_SIGNS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
# A word carries the blanks behind it: as pieces of their own they would all be the same, and anchors of nothing.
_PIECES = re.compile(rf"(?:[{_SIGNS}]|[^\s{_SIGNS}]+)[^\S\n]*|\s+")
# Up to a full stop of any script or the end of a line, with the blanks behind it.
_SENTENCES = re.compile(r"[^.!?\n。！？؟।…]*[.!?\n。！？؟।…]+\s*|[^.!?\n。！？؟।…]+\Z")
MAX_STEPS = 100_000_000  # steps on one page: about a second where a text is made for it, and hardly anything for others


@dataclass(frozen=True)
class Change:
    theme: Theme
    marked: SafeString


def versions_of(submission: Submission) -> list[Submission]:
    """Every sending under its reference, the first one first; none of what was withdrawn."""
    if submission.is_withdrawn:
        return []
    return list(Submission.objects.filter(reference=submission.reference).order_by("version"))


def changes(earlier: Submission, later: Submission) -> list[Change]:
    """The themes on which the later version says something else, with <ins> and <del> around what changed."""
    old, new, effort = _texts_of(earlier), _texts_of(later), Effort()
    themes = sorted({*old, *new}, key=lambda theme: theme.number)
    return [
        Change(theme, marked(old.get(theme, ""), new.get(theme, ""), effort))
        for theme in themes
        if old.get(theme, "") != new.get(theme, "")
    ]


def _texts_of(submission: Submission) -> dict[Theme, str]:
    """What it says on each theme: the text, then the rows of proposed wording."""
    contributions = submission.contributions.select_related("theme").prefetch_related("proposals")
    return {contribution.theme: contribution.content.as_text() for contribution in contributions}


class Effort:
    """How much comparing one page may cost, so that no text made for it holds a web process for minutes. What is beyond
    is shown whole, as it was and as it is."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps

    def spend(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Whether these two may be compared piece by piece.

        SequenceMatcher walks all pairs of equal pieces for each run that it finds: so often as there are pieces, at
        the worst.
        """
        counts = Counter(old)
        pairs = sum(counts[piece] * count for piece, count in Counter(new).items())
        cost = pairs * min(len(old), len(new))
        if cost > self.left:
            return False
        self.left -= cost
        return True


def marked(old: str, new: str, effort: Effort | None = None) -> SafeString:
    """`new` with what it has more than `old` in <ins>, and what it lost in <del>: sentence by sentence first, then word
    by word where sentences changed."""
    effort = effort or Effort()
    parts = _compared(_SENTENCES.findall(old), _SENTENCES.findall(new), effort, _by_word)
    return format_html_join("", "{}", ((part,) for part in parts))


Parts = Iterator[str | SafeString]


def _by_word(old: str, new: str, effort: Effort) -> Parts:
    return _compared(_PIECES.findall(old), _PIECES.findall(new), effort, _whole)


def _whole(old: str, new: str, effort: Effort) -> Parts:
    if old:
        yield format_html("<del>{}</del>", old)
    if new:
        yield format_html("<ins>{}</ins>", new)


def _compared(old: list[str], new: list[str], effort: Effort, closer: Callable[[str, str, Effort], Parts]) -> Parts:
    """What is the same in both as it is; of the rest each run of the two once more, by what looks closer."""
    start, end = _same_at_both_ends(old, new)
    yield "".join(new[:start])
    middle = old[start : len(old) - end], new[start : len(new) - end]
    if effort.spend(*middle):
        for kind, a, b, c, d in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
            if kind == "equal":
                yield "".join(middle[1][c:d])
            else:
                yield from closer("".join(middle[0][a:b]), "".join(middle[1][c:d]), effort)
    else:
        yield from _whole("".join(middle[0]), "".join(middle[1]), effort)
    yield "".join(new[len(new) - end :])


def _same_at_both_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many pieces are the same at the start, and of what is left at the end."""
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return start, end
