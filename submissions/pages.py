"""What several pages of the public side show: the themes in their groups, texts in order, and the refusal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control

from submissions.contents import LONGEST_TEXT, Content, Contents
from submissions.drafts import desk
from submissions.models import DraftContribution, Redaction, Submission
from submissions.publication.redacting import Decision, decisions_on, held_back
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
    Theme.Kind.QUESTION: _("Asked of everybody, beside the areas. Answer where you have something to say."),
}


@dataclass(frozen=True)
class Line:
    """A theme in the list, and what of it stands on the visitor's desk."""

    theme: Theme
    words: int
    is_written: bool
    is_left_out: bool
    is_too_long: bool


@dataclass(frozen=True)
class Group:
    """The themes of one kind, with what the kind means."""

    title: str
    explanation: Promise
    lines: list[Line]


@dataclass(frozen=True)
class Text:
    """What is on a theme, written or sent, and how it may be published: a value of Consent, or empty when unknown."""

    theme: Theme
    content: Content
    words: int
    consent: str
    # What the secretariat holds back of it when it is published, and why.
    held_back: tuple[Redaction, ...] = ()
    withheld_because: str = ""


def grouped(themes: Iterable[Theme], rows: Mapping[int, DraftContribution]) -> list[Group]:
    """The themes by kind, each kind where its first theme stands. `rows` is theme id to what is on the desk."""
    groups: dict[str, Group] = {}
    for theme in themes:
        group = groups.setdefault(theme.kind, Group(theme.get_kind_display(), EXPLAINED[theme.kind], []))
        row = rows.get(theme.pk)
        content = row.content if row else Content()
        group.lines.append(
            Line(
                theme,
                words=row.words if row else 0,
                is_written=not content.is_empty,
                is_left_out=row is not None and row.is_left_out,
                is_too_long=row is not None and (row.words > theme.most_words or content.characters > LONGEST_TEXT),
            )
        )
    return list(groups.values())


def texts_in(contents: Contents, consent: str = "") -> list[Text]:
    """In the themes' order, for templates/submissions/texts.html. `consent` is that of the whole."""
    return [Text(theme, content, content.words, content.consent or consent) for theme, content in contents.items()]


def sent_texts(submission: Submission) -> list[Text]:
    """… with what is held back of each, which its author may know."""
    held = held_back(submission)
    withheld = {
        one.theme_id: one.reason for one in decisions_on([submission.reference]) if one.decision == Decision.WITHHELD
    }
    return [
        replace(text, held_back=tuple(held.get(text.theme.pk, ())), withheld_because=withheld.get(text.theme.pk, ""))
        for text in texts_in(desk.sent_contents(submission), submission.consent)
    ]


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def see_other(to: str, **address: Any) -> HttpResponse:
    """POST, 303, GET: whatever the visitor reloads after this sends nothing again. `to` is a view's name or a path."""
    response: HttpResponse = redirect(to, **address)
    response.status_code = 303
    return response


def other_draft(
    request: HttpRequest,
    consultation: Consultation,
    contents: Contents,
    *,
    at: datetime,
    more: Iterable[str] = (),
    is_put_away: bool = False,
) -> HttpResponse:
    """Another draft was opened in this browser since, or none is: nothing is done, and what was typed is given back.

    `more` is what was typed beside the themes' texts.
    """
    context = {
        "consultation": consultation,
        "at": at,
        "contributions": texts_in(contents),
        "more": [text for text in more if text.strip()],
        "is_put_away": is_put_away,
    }
    return render(request, "submissions/other_draft.html", context, status=409)


def unavailable(
    request: HttpRequest,
    consultation: Consultation,
    contents: Contents,
    *,
    at: datetime,
    status: int,
    state: Intake | None = None,
    is_kept: bool = True,
) -> HttpResponse:
    """Too early or too late, said with respect: the instant, the server's time, and every word that was written.

    `is_kept` says whether all of that stands on the draft too.

    `state` is what the database said, where it was asked; otherwise it is what this machine's clock says.
    """
    return render(
        request,
        "submissions/unavailable.html",
        {
            "consultation": consultation,
            "at": at,
            "state": (state or intake.intake_at(consultation, at)).value,
            "contributions": texts_in(contents),
            "is_refused": status == 409,
            "is_kept": is_kept,
            "kept_until": intake.desk_kept_until(consultation),
        },
        status=status,
    )
