"""What the public pages count: made by the worker, so that no page does."""

from django.db import models

from themes.models import Consultation


class PublicFigures(models.Model):
    """Of one consultation."""

    consultation = models.OneToOneField(Consultation, models.PROTECT, primary_key=True, related_name="+")
    # Where each text that came in is: figures.py.
    sums = models.JSONField(default=dict)
    # Who was heard, with small cells left out; counted when something is published, and not in between, since two
    # counts with one submission between them would tell of that one.
    heard = models.JSONField(default=dict)
    # How many texts each filter of the list finds.
    facets = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.consultation_id)


class PublicArchive(models.Model):
    """What is published of a consultation in one file. Given out as long as it is current: what is held back marks it
    in the same transaction, and the worker writes another (migrations/sql/published.sql)."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+")
    is_current = models.BooleanField(default=True)
    file = models.FileField(max_length=250, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    texts = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="public_archive_one_is_current", fields=["consultation"], condition=models.Q(is_current=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)
