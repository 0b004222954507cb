"""The language that a visitor chooses on a page on which they have typed: a button of that page's own form.

Django's `set_language` redirects, and what was typed would be lost. Here the form is posted with the language: the view
saves as by any other button, and shows the same page in it. What cannot be saved stands on that page again.
"""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from wsis.faults import came_from_here

# Not "language", which a form may ask for of a text.
PARAMETER = "page-language"


@csrf_exempt
def choose(request: HttpRequest) -> HttpResponse:
    """Django's `set_language`, without a token: the pages with its form are the same for everyone, and none of theirs.

    What another site posts here changes nothing.
    """
    if came_from_here(request) is False:
        return redirect("/")
    return set_language(request)


def chosen(request: HttpRequest) -> str | None:
    """The language of the button, or None if another one was pressed."""
    language = request.POST.get(PARAMETER, "") if request.method == "POST" else ""
    return language if language in dict(settings.LANGUAGES) else None


def remember(response: HttpResponse, language: str) -> None:
    """As `set_language` does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=cast(Any, settings.LANGUAGE_COOKIE_SAMESITE),
    )
