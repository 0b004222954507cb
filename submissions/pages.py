"""What several pages of the public side show: the themes in their groups, texts in order, and the refusal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control

from submissions.models import Submission
from submissions.words import count_words
from themes import intake
from themes.intake import Intake
from themes.models import Consultation, Theme

# Not "no-store": a visitor who goes back must find the page as it was, with what they typed.
own_page = cache_control(private=True, no_cache=True)
# Nothing is typed on these, and once put away they must not come back with the Back button.
put_away_page = cache_control(private=True, no_store=True)

EXPLAINED: dict[str, Promise] = {
    Theme.Kind.FEEDBACK: _("The paper asks a question on each of these areas."),
    Theme.Kind.GENERAL: _("The paper asks no question here. Say what the outcome should hold."),
    Theme.Kind.PROPOSALS: _("The paper asks for proposals on this area."),
    Theme.Kind.ANNOUNCED: _(
        "The paper announces proposals on these areas. Say now what they should take into account."
    ),
}


@dataclass(frozen=True)
class Line:
    """A theme in the list, and how many words of it stand on the visitor's desk."""

    theme: Theme
    words: int


@dataclass(frozen=True)
class Group:
    """The themes of one kind, with what the kind means."""

    title: str
    explanation: Promise
    lines: list[Line]


@dataclass(frozen=True)
class Text:
    """A text on a theme, written or sent."""

    theme: Theme
    text: str
    words: int


def grouped(themes: Iterable[Theme], words: Mapping[int, int]) -> list[Group]:
    """The themes by kind, each kind where its first theme stands. `words` is theme id to words."""
    groups: dict[str, Group] = {}
    for theme in themes:
        group = groups.setdefault(theme.kind, Group(theme.get_kind_display(), EXPLAINED[theme.kind], []))
        group.lines.append(Line(theme, words.get(theme.pk, 0)))
    return list(groups.values())


def to_be_sent(texts: Mapping[Theme, str]) -> list[Text]:
    return [Text(theme, text, count_words(text)) for theme, text in texts.items()]


def sent_texts(submission: Submission) -> list[Text]:
    rows = sorted(submission.contributions.all(), key=lambda row: row.theme.number)
    return [Text(row.theme, row.text, row.words) for row in rows]


def see_other(to: str, **address: Any) -> HttpResponse:
    """POST, 303, GET: whatever the visitor reloads after this sends nothing again. `to` is a view's name or a path."""
    response: HttpResponse = redirect(to, **address)
    response.status_code = 303
    return response


def unavailable(
    request: HttpRequest,
    consultation: Consultation,
    texts: Mapping[Theme, str],
    *,
    at: datetime,
    status: int,
    state: Intake | None = None,
) -> HttpResponse:
    """Too early or too late, said with respect: the instant, the server's time, and every word that was written.

    `state` is what the database said, where it was asked; otherwise it is what this machine's clock says.
    """
    return render(
        request,
        "submissions/unavailable.html",
        {
            "consultation": consultation,
            "at": at,
            "state": (state or intake.intake_at(consultation, at)).value,
            "contributions": to_be_sent(texts),
            "is_refused": status == 409,
        },
        status=status,
    )
