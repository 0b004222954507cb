"""What is written on one theme: the text, wording proposed for numbered paragraphs, and how it may be published."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from submissions.text.newlines import normalise_newlines
from submissions.text.words import count_words
from themes.models import Theme
from wsis.one_line import one_line

MAX_TEXT_CHARACTERS = 50_000  # some 8,000 words
# What a draft keeps: far above what can be sent, so that a text that is too long is kept and named.
MAX_DRAFT_THEME_CHARACTERS = 100_000
MAX_DRAFT_CHARACTERS = 1_000_000
MAX_PARAGRAPH_CHARACTERS = 40  # it is a number, like 59 or 12 bis


@dataclass(frozen=True)
class ProposedWording:
    """A row that stakeholders cite so often: paragraph number, the wording they propose there, and why."""

    paragraph: str = ""
    wording: str = ""
    reason: str = ""

    def parts(self) -> tuple[str, str, str]:
        return self.paragraph, self.wording, self.reason

    @property
    def is_empty(self) -> bool:
        return not any(part.strip() for part in self.parts())

    @property
    def is_unplaced(self) -> bool:
        """Whether it proposes wording, and for no paragraph: a reader cannot tell where it belongs."""
        return bool(self.wording.strip()) and not self.paragraph.strip()


def fit_paragraph(row: ProposedWording) -> ProposedWording:
    """A row whose paragraph is more than a number has it whole at the beginning of its reason: nothing is cut."""
    if len(row.paragraph) <= MAX_PARAGRAPH_CHARACTERS:
        return row
    short = row.paragraph[: MAX_PARAGRAPH_CHARACTERS - 1] + "…"
    return ProposedWording(short, row.wording, "\n\n".join(part for part in (row.paragraph, row.reason) if part))


@dataclass(frozen=True)
class Content:
    """On one theme. `consent` is empty where the submission's own consent holds.

    Attributes:
        counted: its words, where they were counted and stored when it was saved; counting a long text takes a while.
    """

    text: str = ""
    proposals: tuple[ProposedWording, ...] = ()
    consent: str = ""
    counted: int | None = field(default=None, compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.proposals

    @property
    def words(self) -> int:
        """The words of the text and of the rows, without the paragraphs' numbers: what a limit is about."""
        if self.counted is not None:
            return self.counted
        return count_words(self.text) + sum(
            count_words(row.wording) + count_words(row.reason) for row in self.proposals
        )

    @property
    def characters(self) -> int:
        """Counted like the words."""
        return len(self.text) + sum(len(row.wording) + len(row.reason) for row in self.proposals)

    @property
    def stored_characters(self) -> int:
        """What it takes on a draft: everything in it."""
        return sum(map(len, self.parts()))

    def parts(self) -> list[str]:
        """Every text in it, empty ones too: the text, then of each row the paragraph, the wording and the reason."""
        return [self.text, *(part for row in self.proposals for part in row.parts())]

    @property
    def has_unplaced_rows(self) -> bool:
        return any(row.is_unplaced for row in self.proposals)

    def as_text(self) -> str:
        """All of it as one text: the text, then the rows, with a blank line between them."""
        rows = ("\n".join(part for part in row.parts() if part) for row in self.proposals)
        return "\n\n".join(piece for piece in (self.text, *rows) if piece).strip()

    def rows(self) -> list[dict[str, str]]:
        """The rows as a formset takes them."""
        return [asdict(row) for row in self.proposals]

    def says_the_same(self, other: "Content") -> bool:
        """Whether text and rows are equal, whatever the consents are."""
        return (self.text, self.proposals) == (other.text, other.proposals)

    def followed_by(self, other: "Content") -> "Content":
        """Both texts with a blank line between them, and the rows of both. The consent is not carried over."""
        text = "\n\n".join(part for part in (self.text, other.text) if part.strip())
        return Content(text, (*self.proposals, *other.proposals))

    def normalised(self) -> "Content":
        """As it is stored: line ends in one character, empty rows left out."""
        rows = (
            ProposedWording(one_line(row.paragraph), normalise_newlines(row.wording), normalise_newlines(row.reason))
            for row in self.proposals
        )
        text, kept = normalise_newlines(self.text), tuple(row for row in rows if not row.is_empty)
        is_same = (text, kept) == (self.text, self.proposals)
        return Content(text, kept, self.consent, self.counted if is_same else None)


Contents = Mapping[Theme, Content]


def is_too_long(content: Content, theme: Theme, *, words: int | None = None) -> bool:
    """Whether more is written than can be sent, in words or in characters.

    Args:
        words: how many it has, where they have been counted already.
    """
    return (content.words if words is None else words) > theme.max_words or content.characters > MAX_TEXT_CHARACTERS


def too_long(contents: Contents) -> dict[Theme, Content]:
    """The themes on which more is written than can be sent."""
    return {theme: content for theme, content in contents.items() if is_too_long(content, theme)}
