"""The consultation's page: what is asked, until when, and what of it this visitor has written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from submissions.public.area_state import grouped
from submissions.public.responses import revalidated
from submissions.public.visit import Visit, answered, public_view
from themes import intake
from themes.intake import Intake
from themes.models import Consultation


@revalidated
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Of the consultation that is open, or of the latest when none is. With several open, they are listed."""
    at = timezone.now()
    public = Consultation.objects.filter(intake.IS_PUBLIC)
    consultations = list(public.filter(intake.is_in(Intake.OPEN, at))) or list(public[:1])
    if len(consultations) != 1:
        return render(request, "submissions/public/chooser.html", {"consultations": consultations, "at": at})
    return answered(Visit(request, consultations[0], at), page)


@public_view()
def consultation(visit: Visit) -> HttpResponse:
    return page(visit)


def page(visit: Visit) -> HttpResponse:
    return visit.render(
        "home.html",
        groups=grouped(visit.areas.values()),
        first=visit.themes[0] if visit.themes else None,
        milestones=visit.consultation.milestones.all(),
    )
