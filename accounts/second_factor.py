"""The second factor: a code of an authenticator app, set up with an invitation; or one of ten recovery codes.

Checked by django-otp, which makes wrong ones wait. The secret is fresh for each session until it is set up: a stranger
who knows the password sees another one than its owner, and only whoever was invited sets one up.
"""

import secrets
from base64 import b32encode
from typing import Any, cast
from urllib.parse import quote, urlencode

import django_otp
import segno
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp_webauthn.models import WebAuthnCredential

from accounts import invitations
from accounts.models import AuthenticatorApp, RecoveryCode, RecoveryCodes
from accounts.models.second_factor import PURPOSE, step_of
from accounts.security_log import Kind, note
from wsis import sealing
from wsis.sealing import hash_of

RECOVERY_CODES = 10
DIGITS = 6
SECRET_BYTES = 20
# 79 bits, without letters and digits that look alike.
CODE_SIGNS, ALPHABET = 16, "abcdefghjkmnpqrstuvwxyz23456789"
# In a session that began at a provider which has asked for a second factor itself ("mfa", RFC 8176).
SHOWN_TO_ORGANISATION = "second_factor_shown_to_organisation"
_IN_SESSION = "second_factor_secret"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).lower()


def is_shown(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this session, here or to the organisation's provider."""
    if request.user.is_authenticated and request.session.get(SHOWN_TO_ORGANISATION, False):
        return True
    return bool(getattr(request.user, "is_verified", lambda: False)())


def reset(user: User) -> int:
    """Takes the second factor away; an invitation sets a new one up. Returns how many things it were."""
    with transaction.atomic():
        devices = (AuthenticatorApp, RecoveryCodes, WebAuthnCredential)
        removed = sum(int(device.objects.filter(user=user).delete()[0]) for device in devices)
        if removed:
            note(Kind.SECOND_FACTOR_RESET, user.get_username())
    return removed


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Asks for a code; at the first time it shows a secret before, and the recovery codes after."""
    user = cast(User, request.user)  # the workspace lets nobody else come here
    where = onward(request)
    if "sign-out" in request.POST:
        logout(request)
        return redirect("admin:login")
    if is_shown(request):
        return redirect(where)
    app = AuthenticatorApp.objects.filter(user=user).first()
    if app is None and not invitations.is_invited(request, user):
        return render(request, "admin/not_invited.html", {**context, "title": _("Second factor")}, status=403)
    secret = _fresh_secret(request) if app is None else b""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if app is None and (codes := _set_up(request, user, secret, code)):
            return render(request, "admin/second_factor.html", {**context, "codes": codes, "onward": where})
        if app is not None and (shown := _verified(user, app, code)) is not None:
            django_otp.login(request, shown)
            note(Kind.RIGHT_CODE, user.get_username(), request)
            return redirect(where)
        note(Kind.WRONG_CODE, user.get_username(), request)
        form.add_error(
            "code",
            _("This code is not right, or was used before. After a wrong one, wait a few seconds and try again."),
        )
    passkeys = {"has_passkeys": app is not None and WebAuthnCredential.objects.filter(user=user).exists()}
    shown_secret = {"picture": _picture(user, secret), "secret": _in_groups(secret)} if app is None else {}
    return render(
        request,
        "admin/second_factor.html",
        {
            **context,
            "title": _("Second factor"),
            "form": form,
            "is_new": app is None,
            "onward": where,
            **shown_secret,
            **passkeys,
        },
        status=200 if request.method != "POST" else 422,
    )


def onward(request: HttpRequest) -> str:
    """Where one wanted to go: within the admin, and nowhere else."""
    return within_workspace(request, request.POST.get("next") or request.GET.get("next") or "")


def within_workspace(request: HttpRequest, wanted: str) -> str:
    """An address of the workspace; of any other, the front page's."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith(reverse("admin:index")) else reverse("admin:index")


def _fresh_secret(request: HttpRequest) -> bytes:
    """This session's own, until it is set up."""
    kept = sealing.unseal(request.session.get(_IN_SESSION, ""), purpose=PURPOSE)
    if not kept:
        kept = secrets.token_hex(SECRET_BYTES)
        request.session[_IN_SESSION] = sealing.seal(kept, purpose=PURPOSE)
    return bytes.fromhex(kept)


def _verified(user: User, app: AuthenticatorApp, code: str) -> Any:
    """What the code is of. An app's code has six digits; recovery codes are longer."""
    if code.isdecimal() and len(code) == DIGITS:
        return django_otp.verify_token(user, app.persistent_id, code)
    recovery = RecoveryCodes.objects.filter(user=user).first()
    return django_otp.verify_token(user, recovery.persistent_id, code) if recovery else None


def _set_up(request: HttpRequest, user: User, secret: bytes, code: str) -> list[str]:
    """Keeps the app and makes the recovery codes, which are shown this once. Empty if the code is not right, or if the
    invitation was used meanwhile."""
    step = step_of(secret, code)
    if step is None:
        return []
    with transaction.atomic():
        if not invitations.use(request, user):
            return []
        app = AuthenticatorApp.objects.create(
            user=user, name="app", last_step=step, sealed_secret=sealing.seal(secret.hex(), purpose=PURPOSE)
        )
        recovery = RecoveryCodes.objects.create(user=user, name="recovery")
        codes = ["".join(secrets.choice(ALPHABET) for _sign in range(CODE_SIGNS)) for _turn in range(RECOVERY_CODES)]
        RecoveryCode.objects.bulk_create(RecoveryCode(of=recovery, code_hash=hash_of(code)) for code in codes)
    del request.session[_IN_SESSION]
    django_otp.login(request, app)
    note(Kind.SECOND_FACTOR_SET_UP, user.get_username(), request)
    return codes


def _picture(user: User, secret: bytes) -> SafeString:
    """The secret as a QR code: an SVG without a style, so that the page's policy lets it be."""
    issuer = settings.OTP_TOTP_ISSUER
    asked = urlencode({"secret": b32encode(secret).decode(), "issuer": issuer, "digits": DIGITS, "period": 30})
    drawn = segno.make(f"otpauth://totp/{quote(issuer)}:{quote(user.get_username())}?{asked}", error="m")
    return mark_safe(drawn.svg_inline(scale=5, dark="#000", light="#fff", border=2))  # noqa: S308 - squares, no text


def _in_groups(secret: bytes) -> str:
    """The same for typing, in groups of four."""
    plain = b32encode(secret).decode()
    return " ".join(plain[place : place + 4] for place in range(0, len(plain), 4))
