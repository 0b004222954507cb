"""What changed between two versions of a submission, word by word, for whoever read the earlier one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from submissions.models import Submission, Withdrawal
from themes.models import Theme

# Signs of the scripts that set no blanks between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean.
_SIGNS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_PIECES = re.compile(rf"[{_SIGNS}]|\s+|[^\s{_SIGNS}]+")


@dataclass(frozen=True)
class Change:
    theme: Theme
    marked: SafeString


def versions_of(submission: Submission) -> list[Submission]:
    """Every sending under its reference, the first one first; none of what was withdrawn."""
    if Withdrawal.objects.filter(reference=submission.reference).exists():
        return []
    return list(Submission.objects.filter(reference=submission.reference).order_by("version"))


def changes(earlier: Submission, later: Submission) -> list[Change]:
    """The themes on which the later version says something else, with <ins> and <del> around what changed."""
    old, new = _said(earlier), _said(later)
    themes = sorted({*old, *new}, key=lambda theme: theme.number)
    return [
        Change(theme, marked(old.get(theme, ""), new.get(theme, "")))
        for theme in themes
        if old.get(theme, "") != new.get(theme, "")
    ]


def _said(submission: Submission) -> dict[Theme, str]:
    """What is said on each theme: the text, then the rows of proposed wording."""
    texts = submission.contributions.select_related("theme").prefetch_related("proposals")
    return {
        one.theme: "\n\n".join(
            [one.text, *(f"{row.paragraph}\n{row.wording}\n{row.reason}" for row in one.proposals.all())]
        ).strip()
        for one in texts
    }


def marked(old: str, new: str) -> SafeString:
    """`new` with what it has more than `old` in <ins>, and what it lost in <del>."""
    return format_html_join("", "{}", ((part,) for part in _parts(_PIECES.findall(old), _PIECES.findall(new))))


def _parts(old: list[str], new: list[str]) -> Iterator[str | SafeString]:
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "".join(new[new_from:new_to])
            continue
        if old_to > old_from:
            yield format_html("<del>{}</del>", "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield format_html("<ins>{}</ins>", "".join(new[new_from:new_to]))
