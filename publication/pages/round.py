"""What the pages of a published round have in common: when they are there, and what every one of them shows."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from publication.models import Publication
from submissions.public.visit import Visit, public_view
from themes import rounds
from wsis.shared_pages import shared_page

Page = Callable[..., HttpResponse]
# Nothing is typed on these pages: a browser may show them again, once it has asked whether they are the same.
checked = cache_control(no_cache=True)


@lru_cache(maxsize=100)
def publications_of(consultation: int, version: UUID) -> tuple[Publication, ...]:
    """Those that were published, also those that were withdrawn since, in the state that the database has."""
    rows = Publication.objects.filter(consultation=consultation, published_at__isnull=False)
    return tuple(rows.order_by("number"))


def published_page(page: Page) -> Page:
    """A view of a round of which something was ever published; else 404. The same for everybody without a draft."""

    @wraps(page)
    def view(visit: Visit, **address: Any) -> HttpResponse:
        published = publications_of(visit.consultation.pk, rounds.version())
        if not published:
            raise Http404
        return page(visit, published=published, **address)

    return shared_page(state=rounds.version)(public_view(cache=checked)(view))


def last_public(published: tuple[Publication, ...]) -> Publication | None:
    return next((one for one in reversed(published) if one.is_public), None)


def rendered(visit: Visit, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page in the site's frame, with the address by which it is known whatever else its address says."""
    page = {
        "visit": visit,
        "consultation": visit.consultation,
        "at": timezone.now(),
        "canonical": settings.PUBLIC_URL + visit.request.path,
    }
    return render(visit.request, f"publication/{template}", {**page, **context}, status=status)
