"""The pages that belong to no app: health, the rule of the deadline, and what is said when something goes wrong."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wsis.faults import AGAIN, WORKSPACE, came_from_here, given_back
from wsis.shared_pages import shared_page


def site(request: HttpRequest) -> dict[str, Any]:
    """For every template: who runs this, and whom to ask."""
    return {
        "organiser": settings.ORGANISER or _("the WSIS+20 review secretariat"),
        "contact_email": settings.CONTACT_EMAIL,
        # Each by its own name. Django's tag for them would translate "English".
        "site_languages": settings.LANGUAGES,
    }


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@shared_page(state=lambda: None)
@require_safe
def deadline(request: HttpRequest) -> HttpResponse:
    return render(request, "deadline.html")


@shared_page(state=lambda: None)
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose cookie is gone, as after a month in an open tab. The text comes back, and goes with one click."""
    match came_from_here(request):
        case True:
            replayed = {"write", "send", "offline", "offline-store", WORKSPACE}
        case None:
            replayed = {"write"}  # an old browser; what it would post again stands on the page, in full
        case False:
            replayed = set()  # another site posted this, and a page of ours must not lend it a button
    # Given back once, with a new cookie, and here again without any: the browser takes none.
    takes_no_cookies = AGAIN in request.POST and not request.COOKIES
    return given_back(
        request,
        "errors/csrf.html",
        status=403,
        replayed=set() if takes_no_cookies else replayed,
        again=AGAIN,
        takes_no_cookies=takes_no_cookies,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return given_back(request, "errors/500.html", status=500)
