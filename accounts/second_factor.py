"""The second factor: a code of an authenticator app, set up at the first sign-in; or one of ten recovery codes.

Checked by django-otp, which counts wrong ones, makes them wait, and takes no code twice.
"""

from base64 import b32encode
from typing import Any, cast

import django_otp
import segno
from django import forms
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
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.security_log import Kind, note

RECOVERY_CODES = 10
DIGITS = 6


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).lower()


def is_shown(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this session."""
    return bool(getattr(request.user, "is_verified", lambda: False)())


def reset(user: User) -> int:
    """Takes the second factor away, so that the next sign-in sets a new one up. Returns how many things it were."""
    note(Kind.SECOND_FACTOR_RESET, user.get_username())
    with transaction.atomic():
        removed: int = TOTPDevice.objects.filter(user=user).delete()[0]
        return removed + int(StaticDevice.objects.filter(user=user).delete()[0])


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Asks for a code; at the first time it shows the secret before, and the recovery codes after."""
    user = cast(User, request.user)  # the workspace lets nobody else come here
    onward = _onward(request)
    if "sign-out" in request.POST:
        logout(request)
        return redirect("admin:login")
    if is_shown(request):
        return redirect(onward)
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    is_new = device is None
    if device is None:
        device = TOTPDevice.objects.filter(user=user, confirmed=False).first() or TOTPDevice.objects.create(
            user=user, name="app", confirmed=False
        )
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        shown = _verified(user, device, form.cleaned_data["code"])
        if shown is not None:
            django_otp.login(request, shown)
            note(Kind.SECOND_FACTOR_SET_UP if is_new else Kind.RIGHT_CODE, user.get_username(), request)
            if is_new:
                return render(
                    request, "admin/second_factor.html", {**context, "codes": _set_up(device), "onward": onward}
                )
            return redirect(onward)
        note(Kind.WRONG_CODE, user.get_username(), request)
        form.add_error(
            "code",
            _("This code is not right, or was used before. After a wrong one, wait a few seconds and try again."),
        )
    secret = {"picture": _picture(device), "secret": _secret(device)} if is_new else {}
    return render(
        request,
        "admin/second_factor.html",
        {**context, "title": _("Second factor"), "form": form, "is_new": is_new, "onward": onward, **secret},
        status=200 if request.method != "POST" else 422,
    )


def _onward(request: HttpRequest) -> str:
    """Where one wanted to go: within the admin, and nowhere else."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith(reverse("admin:index")) else reverse("admin:index")


def _verified(user: User, device: TOTPDevice, code: str) -> Any:
    """The device that the code is of. An app's code has six digits; recovery codes have letters."""
    if code.isdecimal() and len(code) == DIGITS:
        return django_otp.verify_token(user, device.persistent_id, code)
    recovery = StaticDevice.objects.filter(user=user, confirmed=True).first()
    return django_otp.verify_token(user, recovery.persistent_id, code) if recovery and device.confirmed else None


def _set_up(device: TOTPDevice) -> list[str]:
    """Takes the app for good, and makes the recovery codes, which are shown this once."""
    with transaction.atomic():
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        StaticDevice.objects.filter(user=device.user).delete()
        recovery = StaticDevice.objects.create(user=device.user, name="recovery", confirmed=True)
        codes = [StaticToken.random_token() for _turn in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=recovery, token=code) for code in codes)
    return codes


def _picture(device: TOTPDevice) -> SafeString:
    """The secret as a QR code: an SVG without a style, so that the page's policy lets it be."""
    drawn = segno.make(device.config_url, error="m").svg_inline(scale=5, dark="#000", light="#fff", border=2)
    return mark_safe(drawn)  # noqa: S308 - squares; the text in it is drawn, not written


def _secret(device: TOTPDevice) -> str:
    """The same for typing, in groups of four."""
    plain = b32encode(device.bin_key).decode()
    return " ".join(plain[place : place + 4] for place in range(0, len(plain), 4))
