"""Texts to be shown in the themes' order (templates/submissions/public/texts.html)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from submissions.models import Redaction, Submission
from submissions.public.area_state import AreaState
from submissions.review.redaction import Decision, decisions_on, redactions_of
from submissions.text.content import Content, Contents
from themes.models import Theme


@dataclass(frozen=True)
class Text:
    """What is on a theme, written or sent, and how it may be published: a value of Consent, or empty when unknown.

    Attributes:
        redactions: what the secretariat blacks out of it when it is published.
        withheld_because: why the secretariat does not publish it at all; empty where it does.
        area: how a text of a draft stands to what was sent; None for what was sent.
    """

    theme: Theme
    content: Content
    words: int
    consent: str
    redactions: tuple[Redaction, ...] = ()
    withheld_because: str = ""
    area: AreaState | None = None


def texts_of(contents: Contents, consent: str = "") -> list[Text]:
    """`consent` is that of the whole submission, where a theme has none of its own."""
    return [Text(theme, content, content.words, content.consent or consent) for theme, content in contents.items()]


def draft_texts(areas: Iterable[AreaState], consent: str) -> list[Text]:
    """What a draft holds, left out or not; `consent` is that of the whole draft."""
    return [
        Text(area.theme, area.content, area.words, area.content.consent or consent, area=area)
        for area in areas
        if area.is_written
    ]


def sent_texts(submission: Submission) -> list[Text]:
    """What was sent, with what is held back of each text, which its author may know."""
    redactions = redactions_of(submission)
    withheld = {
        row.theme_id: row.reason for row in decisions_on([submission.reference]) if row.decision == Decision.WITHHELD
    }
    return [
        replace(
            text,
            redactions=tuple(redactions.get(text.theme.pk, ())),
            withheld_because=withheld.get(text.theme.pk, ""),
        )
        for text in texts_of(submission.contents, submission.consent)
    ]
