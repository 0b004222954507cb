"""The consultation's page: what is asked, until when, and what of it this visitor has written."""

from operator import attrgetter
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from submissions.public.responses import revalidated
from submissions.public.visit import Visit, answered, public_view
from themes import intake, publication, rounds
from themes.intake import Intake
from themes.models import Consultation, Extension
from themes.signals import more_to_read
from wsis.shared_pages import shared_page


@shared_page(state=rounds.version, seconds_left=rounds.seconds_left)
@revalidated
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Of the consultation that staff have put at the front; else of the one that is open, or of the latest when none
    is. With several open, they are listed."""
    at = timezone.now()
    public = [one for one in rounds.consultations(max_age=publication.max_age(request)) if publication.is_public(one)]
    shown = [one for one in public if intake.intake_at(one, at) is Intake.OPEN]
    at_front = sorted((one for one in public if one.front_since), key=attrgetter("front_since"))[-1:]
    consultations = at_front or shown or public[:1]
    if len(consultations) != 1:
        return render(request, "submissions/public/chooser.html", {"consultations": consultations, "at": at})
    return answered(Visit(request, consultations[0], at), page)


@shared_page(state=rounds.version, seconds_left=rounds.seconds_left)
@public_view()
def consultation(visit: Visit) -> HttpResponse:
    return page(visit)


def page(visit: Visit) -> HttpResponse:
    return visit.render(
        "home.html",
        areas=[area for area in visit.areas.values() if not area.theme.is_question],
        questions=[area for area in visit.areas.values() if area.theme.is_question],
        is_beginning=visit.is_open and visit.submission is None,
        is_opened="opened" in visit.request.GET,
        first=visit.themes[0] if visit.themes else None,
        # Nothing is published before it has closed.
        more=_more_to_read(visit.consultation) if _was_ever_closed(visit) else [],
    )


def _was_ever_closed(visit: Visit) -> bool:
    """Also of a round that is open again."""
    changes = visit.consultation.extensions.all()
    return visit.public_intake is Intake.CLOSED or any(one.kind == Extension.Kind.REOPENED for one in changes)


def _more_to_read(consultation: Consultation) -> list[tuple[str, str]]:
    answers = more_to_read.send(Consultation, consultation=consultation)
    return [link for _receiver, links in answers for link in cast(list[tuple[str, str]], links)]
