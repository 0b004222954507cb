"""What binds a sending to its words without showing them: text/commitment.py."""

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from submissions.models.submission import Submission
from submissions.text.commitment import FORM, Committed


def _of(column: str, function: str, output: models.Field) -> Func:  # type: ignore[type-arg]
    return Func(F(column), function=function, output_field=output)


class Commitment(models.Model):
    """Of one sending, written with it and never changed; a salt is forgotten when its part is erased.

    What was sent before there were commitments has none, and none can be made afterwards.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, primary_key=True, related_name="commitment")
    form = models.PositiveSmallIntegerField(default=FORM)
    salts = models.BinaryField()
    digests = models.BinaryField()
    value = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="commitment_is_over_its_digests",
                condition=Q(value=_of("digests", "sha256", models.BinaryField())),
                violation_error_message=_("A commitment is the SHA-256 of its digests."),
            ),
            models.CheckConstraint(
                name="commitment_has_a_salt_for_each_digest",
                condition=Q(
                    Exact(
                        _of("salts", "octet_length", models.IntegerField()),
                        _of("digests", "octet_length", models.IntegerField()),
                    )
                ),
                violation_error_message=_("Each digest has a salt."),
            ),
        ]

    def __str__(self) -> str:
        return bytes(self.value).hex()

    @property
    def committed(self) -> Committed:
        return Committed(bytes(self.salts), bytes(self.digests))
