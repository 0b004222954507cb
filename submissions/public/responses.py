"""How the public pages answer: what a browser may keep of them, downloads, and the redirect after a POST."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control

# Not "no-store": a visitor who goes back must find the page as it was, with what they typed.
revalidated = cache_control(private=True, no_cache=True)
# Nothing is typed on these, and once put away they must not come back with the Back button.
never_stored = cache_control(private=True, no_store=True)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be saved under `name`."""
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def see_other(to: str, **address: Any) -> HttpResponse:
    """POST, 303, GET: whatever the visitor reloads after this sends nothing again. `to` is a view's name or a path."""
    response: HttpResponse = redirect(to, **address)
    response.status_code = 303
    return response
