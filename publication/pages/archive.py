"""The archive of what is published: its page, the file, and its description for catalogues."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from publication.archive.metadata import catalogue, cite, licences_of
from publication.models import Licence, PublicArchive, Publication
from publication.pages.round import last_public, publications_of, published_page, rendered
from publication.register.notes import verifiers
from submissions.public.visit import Visit
from themes import rounds
from themes.models import Consultation
from themes.publication import is_public

# What is held back is gone from every copy of a proxy within that time.
MAX_AGE = timedelta(seconds=30)


def current(consultation: Consultation) -> PublicArchive | None:
    """The one that may be given out; None while the worker writes it."""
    rows = PublicArchive.objects.filter(consultation=consultation, is_current=True, written_at__isnull=False)
    return rows.first()


@published_page
def archive(visit: Visit, published: tuple[Publication, ...]) -> HttpResponse:
    last = last_public(published)
    if last is None:
        raise Http404
    keys = verifiers()
    return rendered(
        visit,
        "archive.html",
        archive=current(visit.consultation),
        licence=Licence(last.licence),
        cite=cite(visit.consultation, last),
        command=" ".join(["python3 verify.py", *(f'--key "{key}"' for key in keys), "--archive ."]),
        openapi=settings.PUBLIC_URL + reverse("api:openapi-json"),
    )


def _published(slug: str) -> tuple[Consultation, Publication, PublicArchive | None]:
    consultation = rounds.consultation_at(slug)
    if consultation is None or not is_public(consultation):
        raise Http404
    last = last_public(publications_of(consultation.pk, rounds.version()))
    if last is None:
        raise Http404
    return consultation, last, current(consultation)


@require_safe
def archive_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The zip. 503 for the seconds in which the worker writes it anew."""
    consultation, last, found = _published(slug)
    try:
        file = found.file.open("rb") if found is not None else None
    except OSError:
        # Taken away between the two.
        file = None
    if file is None or found is None:
        return HttpResponse("The archive is being written. Please try again in a minute.\n", **_try_again())
    name = f"{consultation.slug}-contributions-{last.number}.zip"
    response = FileResponse(file, as_attachment=True, filename=name)
    response["Content-Type"] = "application/zip"
    response["X-Content-SHA256"] = found.sha256
    patch_cache_control(response, public=True, max_age=MAX_AGE.seconds)
    return response


@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """DCAT and schema.org, as JSON-LD."""
    consultation, last, found = _published(slug)
    if found is None:
        return HttpResponse("The archive is being written. Please try again in a minute.\n", **_try_again())
    every = (one for one in publications_of(consultation.pk, rounds.version()) if one.is_public)
    description = catalogue(consultation, last, licences_of(every), sha256=found.sha256, size=found.size)
    response = JsonResponse(description, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=MAX_AGE.seconds)
    return response


def _try_again() -> dict[str, Any]:
    return {"status": 503, "content_type": "text/plain; charset=utf-8", "headers": {"Retry-After": "60"}}
