"""The page behind a late-access link: a button, and then the desk as it is before the cutoff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from submissions.admission import links
from submissions.pages import own_page, see_other
from themes.models import Consultation


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def late(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    access = links.find(consultation, token)
    is_usable = access is not None and links.is_usable(access, at)
    if request.method == "POST" and access is not None and is_usable:
        response = see_other("submissions:consultation", slug=slug)
        links.keep(response, access, at)
        return response
    return render(
        request,
        "submissions/late.html",
        {"consultation": consultation, "at": at, "access": access, "is_usable": is_usable},
        status=200 if is_usable else 404 if access is None else 410,
    )
