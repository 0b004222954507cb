from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from privacy.data_map import DATA_MAP
from privacy.retention import periods
from wsis.shared_pages import shared_page


@shared_page(state=lambda: tuple(periods().items()))
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """The privacy notice, with the part of the data map that is about those who take part."""
    entries = [
        {"what": entry.what, "why": entry.why, "ground": entry.ground, "kept": entry.kept(), "seen_by": entry.seen_by}
        for entry in DATA_MAP
        if not entry.is_about_staff
    ]
    return render(request, "privacy/notice.html", {"entries": entries})
