"""Telling the secretariat that a published text is not one's own, or shows too much."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language

from publication import reports
from publication.forms import ReportForm
from publication.models import PublishedText
from publication.pages.round import rendered
from submissions.public.responses import never_stored, see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view


@public_view(*GET_OR_POST, cache=never_stored, has_typing=True)
def report(visit: Visit, public_id: str) -> HttpResponse:
    """Of a text that is public, or was when the page was opened."""
    row = get_object_or_404(PublishedText, consultation=visit.consultation, public_id=public_id)
    if not row.is_shown and not visit.is_post and "received" not in visit.request.GET:
        raise Http404
    if visit.chosen_language:
        return rendered(visit, "report.html", row=row, form=ReportForm(initial=visit.typed))
    form = ReportForm(visit.request.POST if visit.is_post else None)
    if form.is_valid():
        # Where many wait already, whoever tells the same again is told the same.
        reports.receive(row, **form.cleaned_data, language=get_language() or "")
        return see_other(reverse("publication:report", args=[visit.slug, public_id]) + "?received#main")
    return rendered(visit, "report.html", row=row, form=form, is_received="received" in visit.request.GET)
