"""What is written on one theme: the text, wording proposed for numbered paragraphs, and how it may be published."""

from collections.abc import Mapping
from dataclasses import dataclass

from submissions.normal import normalise
from submissions.words import count_words
from themes.models import Theme

LONGEST_TEXT = 50_000  # characters: some 8,000 words
LONGEST_PARAGRAPH = 40  # characters: it is a number, like 59 or 12 bis


@dataclass(frozen=True)
class ProposedWording:
    """A row that stakeholders cite so often: paragraph number, the wording they propose there, and why."""

    paragraph: str = ""
    wording: str = ""
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.paragraph.strip() or self.wording.strip() or self.reason.strip())


def fitted(row: ProposedWording) -> ProposedWording:
    """A row whose paragraph is more than a number has it whole at the beginning of its reason: nothing is cut."""
    if len(row.paragraph) <= LONGEST_PARAGRAPH:
        return row
    short = row.paragraph[: LONGEST_PARAGRAPH - 1] + "…"
    return ProposedWording(short, row.wording, "\n\n".join(part for part in (row.paragraph, row.reason) if part))


@dataclass(frozen=True)
class Content:
    """On one theme. `consent` is empty where the submission's own consent holds."""

    text: str = ""
    proposals: tuple[ProposedWording, ...] = ()
    consent: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.proposals

    @property
    def words(self) -> int:
        """The words of the text and of the rows, without the paragraphs' numbers: what a limit is about."""
        return count_words(self.text) + sum(
            count_words(row.wording) + count_words(row.reason) for row in self.proposals
        )

    @property
    def characters(self) -> int:
        return len(self.text) + sum(len(row.wording) + len(row.reason) for row in self.proposals)

    def normalised(self) -> "Content":
        """As it is stored: line ends in one character, empty rows left out."""
        rows = (
            ProposedWording(row.paragraph.strip(), normalise(row.wording), normalise(row.reason))
            for row in self.proposals
        )
        return Content(normalise(self.text), tuple(row for row in rows if not row.is_empty), self.consent)


Contents = Mapping[Theme, Content]


def too_long(contents: Contents) -> dict[Theme, Content]:
    """The themes on which more is written than can be sent, in words or in characters."""
    return {
        theme: content
        for theme, content in contents.items()
        if content.words > theme.most_words or content.characters > LONGEST_TEXT
    }
