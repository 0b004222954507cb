"""Away to the provider, and back."""

import logging
from typing import Any

import jwt
import requests
from django.contrib import admin
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from accounts import reauthentication, second_factor, sign_in
from accounts.security_log import Kind, note
from accounts.sign_on import provider

log = logging.getLogger(__name__)

# Whatever a provider that is away, misled or broken makes of its answers.
_BROKEN = (requests.RequestException, jwt.PyJWTError, provider.ProviderError, ValueError, KeyError, TypeError)


class SignOn(OIDCAuthenticationRequestView):  # type: ignore[misc]
    """Sends the browser to the provider. With `again` in the address, the provider asks for the password anew."""

    def __init__(self, **kwargs: Any) -> None:
        super(OIDCAuthenticationRequestView, self).__init__(**kwargs)
        self.OIDC_RP_CLIENT_ID = self.get_settings("OIDC_RP_CLIENT_ID")

    @property
    def OIDC_OP_AUTH_ENDPOINT(self) -> str:  # noqa: N802 - the library's name
        return str(provider.metadata()["authorization_endpoint"])

    def get(self, request: HttpRequest) -> HttpResponse:
        if not provider.is_on():
            raise Http404
        if (refusal := sign_in.too_many(request)) is not None:
            return refusal
        try:
            answer: HttpResponse = super().get(request)
        except _BROKEN as error:
            return failed(request, "away", error)
        return answer

    def get_extra_params(self, request: HttpRequest) -> dict[str, Any]:
        return {"prompt": "login", "max_age": 0} if "again" in request.GET else {}


class Callback(OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """The browser is back, with a code for the token or with a refusal."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not provider.is_on():
            raise Http404
        if "error" in request.GET or not request.GET.get("code"):
            # Not the library's answer: any page could end a colleague's session by leading here.
            return failed(request, "called-off")
        try:
            answer: HttpResponse = super().get(request)
        except SuspiciousOperation as error:
            return failed(request, "stale", error)
        except _BROKEN as error:
            note(Kind.SIGN_ON_REFUSED, "", request)
            return failed(request, "away", error)
        return answer

    def login_failure(self) -> HttpResponse:
        # Without a session that began it here, nobody was looked for.
        return failed(self.request, "refused" if hasattr(self, "user") else "stale")

    def login_success(self) -> HttpResponse:
        is_same = self.request.user.is_authenticated and self.request.user.pk == self.user.pk
        super().login_success()
        claims = self.user.id_token_claims
        if is_same:
            note(Kind.SIGNED_ON, self.user.get_username(), self.request)
        if "mfa" in (claims.get("amr") or []):
            self.request.session[second_factor.SHOWN_TO_ORGANISATION] = True
        reauthentication.note_provider(self.request, claims.get("auth_time"))
        self.request.session.pop("oidc_id_token_expiration", None)
        return redirect(second_factor.within_workspace(self.request, self.success_url))


STATUS = {"away": 502, "refused": 403, "stale": 400, "called-off": 400}


def failed(request: HttpRequest, why: str, error: Exception | None = None) -> HttpResponse:
    """A page that says why, and what to do now. The log has the kind of error, and no token."""
    if error is not None:
        detail = str(error) if isinstance(error, provider.ProviderError) else ""
        log.warning("Signing in through the organisation failed: %s %s", type(error).__name__, detail)
    context = {**admin.site.each_context(request), "title": _("You are not signed in"), "why": why}
    context["organisation"] = provider.name()
    return render(request, "admin/sign_on_failed.html", context, status=STATUS[why])
