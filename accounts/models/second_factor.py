"""What is shown beside a password: the code of an authenticator app, or a recovery code."""

import time

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from wsis import sealing
from wsis.sealing import hash_of

STEP_SECONDS = 30
TOLERANCE = 1  # steps before and after, for clocks that differ
PURPOSE = "authenticator app"


class AuthenticatorApp(ThrottlingMixin, Device):  # type: ignore[misc]
    """An app that shares a secret with us, which is kept sealed. Wrong codes make the next one wait."""

    sealed_secret = models.TextField(editable=False)
    # Of the last code that was right: each is taken once.
    last_step = models.BigIntegerField(default=-1, editable=False)

    class Meta(Device.Meta):  # type: ignore[misc]
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")

    def get_throttle_factor(self) -> int:
        return 1

    @property
    def secret(self) -> bytes:
        return bytes.fromhex(sealing.unseal(self.sealed_secret, purpose=PURPOSE))

    def verify_token(self, token: str) -> bool:
        """Whether this is the app's code now. django-otp holds the row meanwhile."""
        if not self.verify_is_allowed()[0]:
            return False
        step = step_of(self.secret, token, after=self.last_step)
        if step is None:
            self.throttle_increment()
            return False
        self.last_step = step
        self.throttle_reset(commit=False)
        self.save(update_fields=["last_step", "throttling_failure_timestamp", "throttling_failure_count"])
        return True


def step_of(secret: bytes, token: str, *, after: int = -1) -> int | None:
    """The step whose code this is, near to now and later than `after`. None of any other code."""
    if not secret or not token.isascii() or not token.isdecimal():
        return None
    totp = TOTP(secret, step=STEP_SECONDS)
    totp.time = time.time()
    if not totp.verify(int(token), tolerance=TOLERANCE, min_t=after + 1):
        return None
    return int(totp.t())


class RecoveryCodes(ThrottlingMixin, Device):  # type: ignore[misc]
    """The codes for whoever does not have the app at hand; each opens once."""

    class Meta(Device.Meta):  # type: ignore[misc]
        verbose_name = _("recovery codes")
        verbose_name_plural = _("recovery codes")

    def get_throttle_factor(self) -> int:
        return 1

    def verify_token(self, token: str) -> bool:
        if not self.verify_is_allowed()[0]:
            return False
        # One statement: of two sign-ins with one code, one gets in.
        count: int = self.codes.filter(code_hash=hash_of(token)).delete()[0]
        if count:
            self.throttle_reset()
        else:
            self.throttle_increment()
        return bool(count)


class RecoveryCode(models.Model):
    """One code, as its hash."""

    of = models.ForeignKey(RecoveryCodes, models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="recovery_code_once", fields=["of", "code_hash"])]

    def __str__(self) -> str:
        return f"{self.of} {self.pk}"
