"""The page of one's own sessions: where one is signed in, and after the password buttons to end it there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import reauthentication, sessions
from accounts.sign_on import provider
from accounts.sign_on.backend import came_through_it


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Args:
    context: what every page of the workspace has.
    """
    error = ""
    if request.method == "POST":
        if password := request.POST.get("password", ""):
            if reauthentication.confirm(request, password):
                return redirect("admin:sessions")
            error = _("This is not your password.")
        elif reauthentication.is_recent(request):
            return _end(request)
        else:
            error = _("Type your password first.")
    shown = {
        "title": _("Where you are signed in"),
        "sessions": sessions.of_user(request),
        "can_end": reauthentication.is_recent(request),
        "provider": provider.name() if came_through_it(request) else "",
        "error": error,
    }
    return render(request, "admin/sessions.html", {**context, **shown}, status=422 if error else 200)


def _end(request: HttpRequest) -> HttpResponse:
    if ended := sessions.end(request, request.POST.get("end", "")):
        messages.success(request, ngettext("%(n)d session ended.", "%(n)d sessions ended.", ended) % {"n": ended})
    return redirect("admin:sessions")
