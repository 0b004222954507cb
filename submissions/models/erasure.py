"""What of the personal data in a submission is gone, when and why, so that receipts and records stay explained.

Written by the database's owner alone (migrations/sql/erasure.sql); nobody else may add, change or delete a row.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models.record import Record
from wsis.typography import label_value

# Stand where a name, an address or a text stood; migrations/sql/erasure.sql has the same, and a test compares them.
ERASED_NAME = "[erased]"
ERASED_EMAIL = "erased@personal-data.invalid"
ERASED_TEXT = "[erased at the request of the person who wrote it]"


class Erasure(models.Model):
    """One erasure from all versions of one reference."""

    class What(models.TextChoices):
        CONTACTS = "contacts", _("Name and address")
        TEXTS = "texts", _("Name, address and texts")
        CORRECTION = "correction", _("Name or address corrected")

    class Why(models.TextChoices):
        REQUEST = "request", _("The person asked for it")
        PERIOD = "period", _("The period was over")

    reference = models.CharField(_("reference"), max_length=14, db_index=True)
    what = models.CharField(_("what"), max_length=10, choices=What)
    why = models.CharField(_("why"), max_length=10, choices=Why)
    erased_at = models.DateTimeField(_("at"))
    # Version to the SHA-256 of what was received, which receipts show and nobody can compute any more.
    digests = models.JSONField(_("SHA-256 of what was received"))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-erased_at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return label_value(self.reference, self.get_what_display())


class FormerRecord(models.Model):
    """The SHA-256 that the file of a record had before it was written again without what was erased."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="former", verbose_name=_("record"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    written_at = models.DateTimeField(_("written at"))
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("former file of a record")
        verbose_name_plural = _("former files of records")
        ordering = ["replaced_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.sha256
