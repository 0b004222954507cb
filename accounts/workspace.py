"""The admin site of the secretariat: Django's, behind a second factor."""

from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from accounts import invitations, passkeys, second_factor, session_list, sign_in
from accounts.sign_on import provider
from accounts.sign_on.views import Callback, SignOn
from wsis.faults import given_back

# The menu, by how often a day's work needs it; a model that is not named comes last.
MENU = (
    *("submissions.submission", "submissions.contribution", "submissions.campaign", "submissions.tag"),
    "submissions.codingsample",
    *("submissions.export", "submissions.record"),
    *("submissions.lateaccess", "submissions.lateattempt", "submissions.mail"),
    *("submissions.change", "submissions.checkpoint", "submissions.contactview", "submissions.erasure"),
    "publication.publication",
    "publication.report",
    *("themes.consultation", "themes.theme"),
    *("privacy.personaldatarequest", "privacy.retention"),
    *("accounts.colleague", "accounts.securityevent"),
    *("auth.user", "auth.group"),
)
PLACES = {label: place for place, label in enumerate(MENU)}


class Workspace(AdminSite):
    """Nobody is in before both factors are shown: the password alone opens the page of the second and nothing else."""

    login_template = "admin/sign_in.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and (not settings.SECOND_FACTOR or second_factor.is_shown(request))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever posts a form after the session ended is shown what they typed, and the way back to its page."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            is_asked_to_leave = request.path == reverse("admin:logout", current_app=self.name)
            if request.method == "POST" and not is_asked_to_leave and not self.has_permission(request):
                return self.signed_out(request)
            answer: HttpResponse = inner(request, *args, **kwargs)
            return answer

        return guarded

    def signed_out(self, request: HttpRequest) -> HttpResponse:
        # Many forms are posted to an address that shows no page.
        try:
            page = urlsplit(request.headers.get("Referer", ""))
        except ValueError:
            page = urlsplit("")
        index = reverse("admin:index")
        is_ours = page.netloc == request.get_host() and page.path.startswith(index)
        where = f"{page.path}?{page.query}" if page.query else page.path
        sign_in_url = f"{reverse('admin:login')}?{urlencode({'next': where if is_ours else index})}"
        context = {**self.each_context(request), "title": _("You were signed out"), "sign_in_url": sign_in_url}
        return given_back(request, "admin/signed_out.html", status=403, **context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda one: PLACES.get(one["model"]._meta.label_lower, len(PLACES)))
        # An app stands where its first model does.
        apps.sort(key=lambda app: PLACES.get(app["models"][0]["model"]._meta.label_lower, len(PLACES)))
        return apps

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        if super().has_permission(request) and not self.has_permission(request):
            where = request.GET.get("next", reverse("admin:index"))
            return redirect(reverse("admin:second_factor") + "?" + urlencode({"next": where}))
        if request.method == "POST" and (refusal := sign_in.too_many(request)) is not None:
            return refusal
        organisation = provider.name() if provider.is_on() else ""
        return super().login(request, {**(extra_context or {}), "organisation": organisation})

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        if not super().has_permission(request):
            return redirect("admin:login")
        return second_factor.page(request, self.each_context(request))

    def invitation(self, request: HttpRequest, token: str) -> HttpResponse:
        """A link that somebody was given. Looking at it uses nothing up: the button does."""
        found = invitations.find(token)
        form = invitations.password_form(request, found) if found else None
        if found is not None and request.method == "POST" and (form is None or form.is_valid()):
            if form is not None:
                form.save()
            invitations.remember(request, found)
            return redirect("admin:second_factor")
        context = {**self.each_context(request), "title": _("Invitation"), "invitation": found, "form": form}
        status = 422 if request.method == "POST" else 200
        return render(request, "admin/invitation.html", context, status=status if found else 404)

    def sessions(self, request: HttpRequest) -> HttpResponse:
        return session_list.page(request, self.each_context(request))

    def passkeys(self, request: HttpRequest) -> HttpResponse:
        return passkeys.page(request, {**self.each_context(request), "title": _("Passkeys")})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        url = path("second-factor/", never_cache(csrf_protect(self.second_factor)), name="second_factor")
        invitation = never_cache(csrf_protect(self.invitation))
        passkey_views: dict[str, tuple[Any, str]] = {
            "passkeys/add/": (passkeys.BeginAdding, "passkey_add"),
            "passkeys/added/": (passkeys.CompleteAdding, "passkey_added"),
            "passkeys/show/": (passkeys.BeginShowing, "passkey_show"),
            "passkeys/shown/": (passkeys.CompleteShowing, "passkey_shown"),
        }
        listed = self.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.sessions))
        listed_keys = self.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.passkeys))
        # No row has a page on the site that this one would lead to, and some models have no table.
        rest = [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        return [
            url,
            path("sign-on/", never_cache(SignOn.as_view()), name="sign_on"),
            path("sign-on/callback/", never_cache(Callback.as_view()), name="sign_on_callback"),
            path("invitation/<str:token>/", invitation, name="invitation"),
            path("sessions/", listed, name="sessions"),
            path("passkeys/", listed_keys, name="passkeys"),
            *(path(at, view.as_view(), name=name) for at, (view, name) in passkey_views.items()),
            *rest,
        ]
