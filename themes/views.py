"""What is public about a deadline beside the pages: its calendar entry."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from themes import calendar
from themes.publication import visible_consultation


@require_safe
def deadline_entry(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    # The consultation's page is the folder that this file lies in.
    url = settings.PUBLIC_URL + request.path.rpartition("/")[0] + "/"
    return HttpResponse(
        calendar.deadline_entry(consultation, url=url, at=timezone.now()),
        content_type=calendar.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{slug}-deadline.ics"'},
    )
