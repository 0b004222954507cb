"""Passkeys beside the app's codes: a key in a phone, a laptop or a stick that signs for this site and no other.

The ceremonies are django-otp-webauthn's. Who may take part stands here: a passkey is added by somebody whose second
factor was shown, and used by somebody whose password was right.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_otp_webauthn import exceptions, views
from django_otp_webauthn.models import WebAuthnCredential

from accounts import second_factor
from accounts.security_log import Kind, note

MAX_PASSKEYS = 10


def are_possible() -> bool:
    """Browsers make passkeys over HTTPS, for a host with a name."""
    return bool(settings.PUBLIC_URL in settings.OTP_WEBAUTHN_ALLOWED_ORIGINS)


def of_user(user: Any) -> Any:
    return WebAuthnCredential.objects.filter(user=user).order_by("pk")


class _Adding:
    """Somebody of the workspace whose second factor was shown in this session."""

    request: HttpRequest

    def check_can_register(self) -> None:
        if not (self.request.user.is_staff and second_factor.is_shown(self.request)):
            raise exceptions.NotAuthenticated
        if of_user(self.request.user).count() >= MAX_PASSKEYS:
            raise exceptions.UnprocessableEntity


class BeginAdding(_Adding, views.BeginCredentialRegistrationView):  # type: ignore[misc]
    pass


class CompleteAdding(_Adding, views.CompleteCredentialRegistrationView):  # type: ignore[misc]
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post(*args, **kwargs)
        note(Kind.SECOND_FACTOR_SET_UP, self.request.user.get_username(), self.request)
        return answer


class _Showing:
    """Somebody of the workspace whose password was right, and who has shown nothing else yet."""

    request: HttpRequest

    def check_can_authenticate(self) -> None:
        user = self.request.user
        if not (user.is_authenticated and user.is_active and user.is_staff):
            raise exceptions.PasswordlessLoginDisabled


class BeginShowing(_Showing, views.BeginCredentialAuthenticationView):  # type: ignore[misc]
    pass


class CompleteShowing(_Showing, views.CompleteCredentialAuthenticationView):  # type: ignore[misc]
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().post(*args, **kwargs)
        except exceptions.OTPWebAuthnApiError:
            note(Kind.WRONG_CODE, self.request.user.get_username(), self.request)
            raise
        note(Kind.RIGHT_CODE, self.request.user.get_username(), self.request)
        return answer

    def get_success_url(self) -> str:
        return second_factor.onward(self.request)


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """One's own passkeys: a button to add one, and one to remove each."""
    if request.method == "POST":
        chosen = request.POST.get("remove", "")
        if chosen.isdecimal() and of_user(request.user).filter(pk=chosen).delete()[0]:
            note(Kind.SECOND_FACTOR_RESET, request.user.get_username(), request)
            messages.success(request, _("The passkey is removed."))
        return redirect("admin:passkeys")
    can_add = are_possible() and second_factor.is_shown(request)
    return render(request, "admin/passkeys.html", {**context, "passkeys": of_user(request.user), "can_add": can_add})
